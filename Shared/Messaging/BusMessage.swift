import FoundationEssentials

/// A message on the bus.
package struct BusMessage: Sendable, Equatable {
    /// Dot-separated tokens, for example `automata.workflows.acme.web.t1.plan_created`.
    package var subject: String
    /// Headers by name; names are case-sensitive. Of a repeated header the first value is kept.
    package var headers: [String: String]
    /// The body. With the headers it may hold as much as the server allows, 1 MiB by default.
    package var payload: Data
    /// The subject an answer goes to, if one is wanted.
    package var reply: String?

    package init(subject: String, headers: [String: String] = [:], payload: Data = Data(), reply: String? = nil) {
        self.subject = subject
        self.headers = headers
        self.payload = payload
        self.reply = reply
    }

    /// The header that carries the id for deduplication.
    package static let messageIDHeader = "Nats-Msg-Id"

    /// Throws ``BusError/Code/invalidSubject`` or ``BusError/Code/invalidHeader`` for what would garble the protocol.
    package func validate() throws(BusError) {
        try Subject.validate(subject)
        if let reply { try Subject.validate(reply) }
        for (name, value) in headers { try Self.validateHeader(name: name, value: value) }
    }

    /// The bytes that count against the server's limit: payload and encoded headers.
    package var size: Int {
        guard !headers.isEmpty else { return payload.count }
        let framing = "NATS/1.0\r\n\r\n".utf8.count
        return headers.reduce(payload.count + framing) { $0 + $1.key.utf8.count + $1.value.utf8.count + 4 }
    }

    private static func validateHeader(name: String, value: String) throws(BusError) {
        let nameIsPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
        let valueIsPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        guard !name.isEmpty, nameIsPlain, valueIsPlain else {
            throw BusError(.invalidHeader, "a header has an invalid name or a value with control characters")
        }
    }
}
