import Foundations
import Logging
import Messaging
import ServiceLifecycle

/// Declares the stream and its consumers again where something of them is missing: what the broker lost, or what another
/// program took away that declared its own at the same moment.
struct StreamKeeper: Service {
    private static let interval: Duration = .seconds(5)

    let service: ServiceContext

    func run() async throws {
        await Periodic.run(every: Self.interval, "streams", service.logger) {
            guard service.bus.isConnected,
                try await !StreamTopology.isComplete(on: service.bus, service.settings)
            else { return }
            service.logger.warning("something of the stream is missing, it is declared again")
            try await StreamTopology.declare(on: service.bus, service.settings)
        }
    }
}
