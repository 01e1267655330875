import FoundationEssentials
import Foundations
import Messaging

/// The server's management interface: JSON requests on `$JS.API.…`, answered with JSON.
///
/// The client library's own calls for it block a thread each and know only the fields of their version, so that an
/// update through them would drop the rest.
struct JetStreamAPI: Sendable {
    let requests: Requests
    let timeout: Duration

    /// Sends `body` to `$JS.API.<verb>` and returns the answer.
    ///
    /// - Parameter isRepeatable: Whether it may be sent again over the next connection, if this one is lost before the
    ///   answer came.
    func call(_ verb: String, _ body: JSONValue? = nil, isRepeatable: Bool = true) async throws -> JSONValue {
        let message = BusMessage(subject: "$JS.API.\(verb)", payload: try body?.data() ?? Data())
        let answer = try await requests.ask(message, timeout: timeout, isRepeatable: isRepeatable)
        guard answer.status == nil else {
            throw BusError(.noResponders, "the server does not offer JetStream (yet)")
        }
        let value = try Self.parse(answer.message.payload)
        if let error = value["error"] { throw BusError(api: error) }
        return value
    }

    /// As ``call(_:_:)``, with `nil` for what does not exist.
    func find(_ verb: String, _ body: JSONValue? = nil) async throws -> JSONValue? {
        do {
            return try await call(verb, body)
        } catch let error as BusError where error.code == .notFound {
            return nil
        }
    }

    /// The JSON that an answer holds.
    static func parse(_ payload: Data) throws(BusError) -> JSONValue {
        do {
            return try JSONValue(parsing: payload)
        } catch {
            throw BusError(.other, "the server's answer is not JSON")
        }
    }
}

extension JSONValue {
    /// A sequence or a count: on a bus without logins anybody can send what looks like the server's answer.
    var countValue: UInt64? { intValue.flatMap { UInt64(exactly: $0) } }
}

extension BusError {
    /// The error that an answer of the server holds: `{"code", "err_code", "description"}`.
    init(api error: JSONValue) {
        let text = error["description"]?.stringValue ?? "unknown error"
        switch error["err_code"]?.intValue {
        // No such consumer, message, sequence, stream.
        case 10014, 10037, 10043, 10059: self.init(.notFound, text)
        // Deleting a message that is not there gives the general error for deleting.
        case 10057: self.init(.notFound, text)
        case 10054: self.init(.payloadTooLarge, text)
        // No suitable peers: a cluster that forms does not know all its nodes yet.
        case 10005: self.init(.other, text, isRetriable: true)
        // Subjects of a stream that is there: where a cluster looks for its leader it says in one breath that there is none
        // and that it has the subjects.
        case 10065: self.init(.other, text, isRetriable: true)
        // What was asked for is wrong, although the status says that the server is.
        case 10052: self.init(.other, text)
        // The server's trouble: it is starting, has no leader, lacks resources, or its store is in the way (a consumer
        // whose old files are still being removed was seen to end a service that started just then).
        default: self.init(.other, text, isRetriable: (500...599).contains(error["code"]?.intValue ?? 0))
        }
    }
}
