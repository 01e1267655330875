import Foundations
import Logging
import Messaging
import ServiceLifecycle

/// Declares the stream and its consumers again where something of them is missing: what the broker lost, or what another
/// program took away that declared its own at the same moment.
struct StreamKeeper: Service {
    private static let interval: Duration = .seconds(5)

    let bus: any MessageBus
    let settings: ServiceSettings
    let logger: Logger

    func run() async throws { await Periodic.run(every: Self.interval, "streams", logger, keep) }

    /// Declares again what is missing now.
    func keep() async throws {
        guard bus.isConnected, try await !StreamTopology.isComplete(on: bus, settings) else { return }
        logger.warning("something of the stream is missing, it is declared again")
        try await StreamTopology.declare(on: bus, settings)
    }
}
