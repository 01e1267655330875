import Foundations
import Messaging

extension JetStreamAPI {
    /// How far a consumer has come; `nil` if it does not exist.
    func consumerState(_ durable: String, of stream: String) async throws -> ConsumerState? {
        try await find("CONSUMER.INFO.\(stream).\(durable)").map { try ConsumerState(api: $0) }
    }

    /// Makes the consumer anew, so that it delivers what follows `sequence`, and what it has not seen acknowledged. One
    /// without a leader cannot tell that, and its removal is not confirmed.
    func rewind(_ consumer: ConsumerDeclaration, of stream: String, to sequence: UInt64) async throws {
        let path = "\(stream).\(consumer.durable)"
        let acknowledged: UInt64
        do { acknowledged = try await consumerState(consumer.durable, of: stream)?.acknowledged ?? 0 } catch let error
            as BusError where error.isRetriable
        { acknowledged = sequence }
        let start = min(acknowledged, sequence) + 1
        do { _ = try await find("CONSUMER.DELETE.\(path)") } catch let error as BusError where error.code == .timeout {}
        do {
            try await create(path, on: stream, consumer.configuration(from: start))
        } catch {
            // Someone else made it anew in between, from the beginning: that delivers more, but nothing less.
            guard try await find("CONSUMER.INFO.\(path)") != nil else { throw error }
        }
    }
}

extension ConsumerState {
    /// Reads the answer to `CONSUMER.INFO`.
    init(api info: JSONValue) throws(BusError) {
        func sequence(_ key: String) -> UInt64? { info[key]?["stream_seq"]?.countValue }
        guard let delivered = sequence("delivered"), let acknowledged = sequence("ack_floor"),
            let waiting = info["num_pending"]?.countValue, let unacknowledged = info["num_ack_pending"]?.countValue
        else { throw BusError(.other, "the server's answer holds no state") }
        self.init(
            delivered: delivered, acknowledged: acknowledged, outstanding: Int(clamping: waiting + unacknowledged))
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
