import FoundationEssentials
import Foundations
import Messaging

extension JetStreamAPI {
    /// The last stored message that falls under `subject`; `nil` if there is none.
    func lastMessage(stream: String, subject: String) async throws -> (sequence: UInt64, message: BusMessage)? {
        try await stored(stream, ["last_by_subj": .string(subject)]).map { ($0.sequence, $0.message) }
    }

    /// The first stored message after `sequence` that falls under `subject`; `nil` if there is none.
    func nextMessage(
        stream: String, after sequence: UInt64, subject: String
    ) async throws -> (sequence: UInt64, time: Date, message: BusMessage)? {
        let wanted: JSONValue = [
            "seq": .int(Int(clamping: min(sequence, .max - 1) + 1)), "next_by_subj": .string(subject),
        ]
        return try await stored(stream, wanted).map { ($0.sequence, $0.time, $0.message) }
    }

    /// The stored message at a sequence; `nil` if it is not there.
    func message(stream: String, sequence: UInt64) async throws -> BusMessage? {
        try await stored(stream, ["seq": .int(Int(clamping: sequence))])?.message
    }

    private func stored(_ stream: String, _ wanted: JSONValue) async throws -> StoredMessage? {
        do {
            return try StoredMessage(try await call("STREAM.MSG.GET.\(stream)", wanted)["message"])
        } catch let error as BusError where error.code == .notFound {
            // No such message, or no such stream.
            guard try await find("STREAM.INFO.\(stream)") != nil else { throw error }
            return nil
        }
    }
}

extension PublishReceipt {
    /// Reads the answer to a message that a stream is to store.
    init(api answer: JSONValue) throws(BusError) {
        if let error = answer["error"] { throw BusError(api: error) }
        guard let stream = answer["stream"]?.stringValue, let sequence = answer["seq"]?.countValue else {
            throw BusError(.other, "the publish was answered by something that is not a stream")
        }
        self.init(stream: stream, sequence: sequence, isDuplicate: answer["duplicate"]?.boolValue ?? false)
    }
}

extension StreamState {
    /// Reads the answer to `STREAM.INFO`.
    init(api info: JSONValue) throws(BusError) {
        func number(_ key: String) -> UInt64? { info["state"]?[key]?.countValue }
        guard let first = number("first_seq"), let last = number("last_seq"), let messages = number("messages"),
            let created = info["created"]?.stringValue.flatMap(ServerTime.date)
        else { throw BusError(.other, "the server's answer holds no state") }
        self.init(
            firstSequence: messages == 0 ? last + 1 : first, lastSequence: last, messages: messages, created: created,
            subjects: info["config"].map(\.subjects) ?? [])
    }
}
