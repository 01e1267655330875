import Contracts
import Foundations
import Logging
import Messaging
import ServiceKit
import Synchronization

/// Makes consumers anew that the server has and does not serve.
///
/// In a cluster of nats-server 2.9.10 two replicas can lose and reset a stream at once ("stream store EOF"). The stream
/// recovers; its consumers stay without a leader for ever, so that nothing is delivered any more.
final class ConsumerRepair: Sendable {
    private let bus: any MessageBus
    private let settings: ServiceSettings
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let watch = Mutex(ConsumerWatch())
    private let stream = StreamNames.events

    init(
        _ bus: any MessageBus, _ settings: ServiceSettings, _ logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.bus = bus
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    func run() async throws {
        let end: UInt64?
        do { end = try await bus.streamState(stream)?.lastSequence } catch {
            watch.withLock { $0.startOver() }
            throw error
        }
        guard let end else { return }
        for consumer in StreamTopology.consumers(settings) { try await look(at: consumer, end) }
    }

    private func look(at consumer: ConsumerDeclaration, _ end: UInt64) async throws {
        do {
            guard let state = try await bus.consumerState(stream: stream, durable: consumer.durable) else {
                return
            }
            watch.withLock { $0.isServed(consumer.durable, acknowledged: state.acknowledged) }
        } catch let error as BusError where error.isRetriable {
            let place = watch.withLock { $0.isSilent(consumer.durable, at: now(), end: end) }
            guard let place else { return }
            logger.warning(
                "a consumer is not served, it is made anew",
                metadata: ["consumer": "\(consumer.durable)", "after": "\(place)", "error": "\(error)"])
            // One that cannot be made anew yet keeps no other from it; it is tried again with the next look.
            do { try await bus.rewind(consumer, of: stream, to: place) } catch let error as BusError {
                logger.warning(
                    "a consumer cannot be made anew yet",
                    metadata: ["consumer": "\(consumer.durable)", "error": "\(error)"])
            }
        }
    }
}
