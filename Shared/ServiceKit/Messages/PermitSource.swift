import Contracts
import Foundations
import Logging
import Messaging
import Synchronization

/// The messages of one durable consumer. A broken bus shows as a pause, never as an error.
package final class PermitSource: Sendable {
    private static let wait: Duration = .seconds(20)

    private let bus: any MessageBus
    private let settings: ServiceSettings
    /// Whether it declares what the broker lost; others wait until somebody does.
    private let declares: Bool
    private let logger: Logger
    private let durable: String
    private let bound = Mutex<(any PullConsumer)?>(nil)
    private let failures = Backoff(base: .milliseconds(200), cap: .seconds(5))

    package convenience init(_ service: ServiceContext, consumer durable: String) {
        self.init(
            service.bus, service.settings, consumer: durable,
            declares: StreamTopology.isDeclared(by: service.name), service.logger)
    }

    package init(
        _ bus: any MessageBus, _ settings: ServiceSettings, consumer durable: String, declares: Bool, _ logger: Logger
    ) {
        self.bus = bus
        self.settings = settings
        self.declares = declares
        self.logger = logger
        self.durable = durable
    }

    /// The next message, or `nil` if none came for a while. Throws `CancellationError` alone.
    package func next() async throws -> Delivery? {
        var attempt = 0
        while true {
            try Task.checkCancellation()
            do {
                let consumer = try await self.consumer()
                return try await consumer.next(waitingAtMost: Self.wait)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                try Task.checkCancellation()
                logger.warning("no permits for now", metadata: ["consumer": "\(durable)", "error": "\(error)"])
                bound.withLock { $0 = nil }
                await redeclareIfMissing(error)
                try await Task.sleep(for: failures.delay(attempt: attempt))
                attempt += 1
            }
        }
    }

    private func consumer() async throws -> any PullConsumer {
        if let consumer = bound.withLock({ $0 }) { return consumer }
        let consumer = try await bus.consumer(stream: StreamNames.events, durable: durable)
        bound.withLock { $0 = consumer }
        return consumer
    }

    /// A broker that lost its store gets its stream and consumers back, of those who declare them. Others wait.
    private func redeclareIfMissing(_ error: any Error) async {
        guard declares, let error = error as? BusError, error.code == .notFound || error.code == .noResponders else {
            return
        }
        try? await StreamTopology.declare(on: bus, settings)
    }
}
