import Foundation
import Foundations
import JetStream
import Messaging

/// Reads the whole stream message by message, without a consumer that could be part of what is tested.
struct StreamReader: Sendable {
    let bus: JetStreamBus

    /// The events that the stream holds, in order.
    func events() async throws -> [SeenEvent] {
        guard let state = try await bus.streamState("AUTOMATA"), state.messages > 0 else { return [] }
        var events: [SeenEvent] = []
        for sequence in state.firstSequence...state.lastSequence {
            if let event = try await message(sequence).flatMap(SeenEvent.init) { events.append(event) }
        }
        return events
    }

    /// `nil` if it was erased.
    private func message(_ sequence: UInt64) async throws -> (subject: String, messageID: String?, payload: String)? {
        let request = BusMessage(
            subject: "$JS.API.STREAM.MSG.GET.AUTOMATA", payload: Data("{\"seq\":\(sequence)}".utf8))
        let answer = try JSONValue(parsing: try await bus.request(request, timeout: .seconds(10)).payload)
        guard let message = answer["message"], let subject = message["subject"]?.stringValue else { return nil }
        let headers = Self.text(message["hdrs"]).split(separator: "\r\n")
        let id = headers.first { $0.hasPrefix("\(BusMessage.messageIDHeader): ") }?
            .dropFirst(BusMessage.messageIDHeader.count + 2)
        return (subject, id.map(String.init), Self.text(message["data"]))
    }

    private static func text(_ base64: JSONValue?) -> String {
        String(decoding: Data(base64Encoded: base64?.stringValue ?? "") ?? Data(), as: UTF8.self)
    }
}
