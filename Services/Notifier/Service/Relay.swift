import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Publishes what a crash, or a bus that was away, left in the outbox.
///
/// Rows get a head start, so that the service that wrote them publishes them itself; several relays and late owners
/// may publish the same row, which its message id makes harmless.
package struct Relay: Service {
    private static let headStart: Duration = .seconds(2)
    private static let interval: Duration = .milliseconds(500)
    private static let batch = 256

    private let record: any LeftOverMessages
    private let outlet: any Outlet
    private let logger: Logger

    package init(_ service: ServiceContext) { self.init(service.store, service.publisher, service.logger) }

    init(_ record: any LeftOverMessages, _ outlet: any Outlet, _ logger: Logger) {
        self.record = record
        self.outlet = outlet
        self.logger = logger
    }

    package func run() async throws { await Periodic.run(every: Self.interval, "relay", logger, relay) }

    /// Hands on what is left over now.
    func relay() async throws {
        let rows = try await record.unpublished(olderThan: Self.headStart, limit: Self.batch)
        guard !rows.isEmpty else { return }
        logger.info("publishing what was left over", metadata: ["rows": "\(rows.count)"])
        outlet.publish(rows)
    }
}
