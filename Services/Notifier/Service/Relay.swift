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

    private let service: ServiceContext

    package init(_ service: ServiceContext) { self.service = service }

    package func run() async throws {
        await Periodic.run(every: Self.interval, "relay", service.logger) {
            let rows = try await service.store.unpublished(olderThan: Self.headStart, limit: Self.batch)
            guard !rows.isEmpty else { return }
            service.logger.info("publishing what was left over", metadata: ["rows": "\(rows.count)"])
            service.publisher.publish(rows)
        }
    }
}
