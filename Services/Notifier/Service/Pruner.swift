import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Removes what nobody needs any more: messages that the stream has dropped too, and the work and the history of tasks
/// that ended long ago. Any number may run.
package struct Pruner: Service {
    private static let interval: Duration = .seconds(3600)

    private let service: ServiceContext

    package init(_ service: ServiceContext) { self.service = service }

    package func run() async throws {
        await Periodic.run(every: Self.interval, "pruning", service.logger) {
            let (store, now) = (service.store, Date())
            let published = now - StreamTopology.maxAge.seconds
            let ended = now - service.settings.retention.seconds
            let messages = try await Self.untilNone { try await store.pruneOutbox(before: published) }
            let tasks = try await Self.untilNone { try await store.pruneHistory(before: ended) }
            let rejections = try await store.pruneRejections(before: ended)
            guard messages + tasks + rejections > 0 else { return }
            service.logger.info(
                "removed what is old",
                metadata: ["messages": "\(messages)", "tasks": "\(tasks)", "rejections": "\(rejections)"])
        }
    }

    /// Removes batch after batch, so that no transaction is long, and returns how many rows in all.
    private static func untilNone(_ remove: () async throws -> Int) async throws -> Int {
        var total = 0
        while case let removed = try await remove(), removed > 0 { total += removed }
        return total
    }
}
