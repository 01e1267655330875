import FoundationEssentials
import Foundations
import Messaging

extension JetStreamAPI {
    /// How long a consumer may take to refuse a request.
    private static let patience = Duration.seconds(1)

    /// Whether nothing that the consumer sends leaves the server.
    ///
    /// nats-server (2.9.10 to 2.14.5) makes a stream known before the stream's queue for sending exists, see
    /// `addStreamWithAssignment` and `addConsumerWithAssignment` there. A consumer that is created in between keeps the
    /// missing queue until the server is started again: it takes requests for messages, counts messages as delivered,
    /// and sends nothing. It happens where several services start at once on an empty server. A request that is not well
    /// formed shows it: the refusal would go out by the same queue.
    func isMute(_ durable: String, of stream: String) async throws -> Bool {
        for _ in 1...2 {
            if try await refusesRubbish(durable, stream) { return false }
            // Silence means something only of a server that answers, and of a consumer that is there.
            guard try await find("CONSUMER.INFO.\(stream).\(durable)") != nil else { return false }
        }
        return true
    }

    /// Whether there was an answer; that nobody listens (yet) is one too.
    private func refusesRubbish(_ durable: String, _ stream: String) async throws -> Bool {
        let rubbish = BusMessage(subject: "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(durable)", payload: Data("{".utf8))
        do {
            _ = try await requests.ask(rubbish, timeout: min(Self.patience, timeout), isRepeatable: true)
            return true
        } catch let error as BusError where error.code == .timeout {
            return false
        }
    }
}
