import Foundations
import Messaging

extension JetStreamAPI {
    /// How far a consumer has come; `nil` if it does not exist.
    func consumerState(_ durable: String, of stream: String) async throws -> ConsumerState? {
        guard let info = try await find("CONSUMER.INFO.\(stream).\(durable)") else { return nil }
        func sequence(_ key: String) -> UInt64? { info[key]?["stream_seq"]?.intValue.flatMap { UInt64(exactly: $0) } }
        guard let delivered = sequence("delivered"), let acknowledged = sequence("ack_floor"),
            let waiting = info["num_pending"]?.intValue, let unacknowledged = info["num_ack_pending"]?.intValue
        else { throw BusError(.other, "the server's answer holds no state") }
        return ConsumerState(
            delivered: delivered, acknowledged: acknowledged, outstanding: waiting + unacknowledged)
    }

    /// Makes the consumer anew, so that it delivers what follows `sequence`, and what it has not seen acknowledged.
    func rewind(_ consumer: ConsumerDeclaration, of stream: String, to sequence: UInt64) async throws {
        let path = "\(stream).\(consumer.durable)"
        let state = try await consumerState(consumer.durable, of: stream)
        let start = min(state?.acknowledged ?? 0, sequence) + 1
        _ = try await find("CONSUMER.DELETE.\(path)")
        do {
            try await create(path, on: stream, consumer.configuration(from: start))
        } catch {
            // Someone else made it anew in between, from the beginning: that delivers more, but nothing less.
            guard try await find("CONSUMER.INFO.\(path)") != nil else { throw error }
        }
    }
}

extension ConsumerDeclaration {
    /// The server's form of the declaration, for a consumer that begins at `sequence`.
    fileprivate func configuration(from sequence: UInt64) -> [String: JSONValue] {
        configuration.merging([
            "deliver_policy": "by_start_sequence", "opt_start_seq": .int(Int(clamping: sequence)),
        ]) { $1 }
    }
}
