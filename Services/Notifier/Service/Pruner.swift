import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Removes what nobody needs any more: messages that the stream has dropped too, and the work and the history of tasks
/// that ended long ago. Each has a loop of its own: what cannot be removed keeps nothing else. Any number may run.
package struct Pruner: Service {
    private static let interval: Duration = .seconds(3600)

    private let service: ServiceContext
    /// How long the work and the history of ended tasks are kept.
    private let retention: Duration

    package init(_ service: ServiceContext) throws {
        self.service = service
        retention = .seconds(86_400 * (try service.settings.source.int(.retention, in: 1...3650)))
    }

    package func run() async throws {
        let store = service.store
        await withDiscardingTaskGroup { group in
            group.addTask {
                await remove("messages", olderThan: StreamTopology.maxAge) { try await store.pruneOutbox(before: $0) }
            }
            group.addTask { await remove("tasks", olderThan: retention) { try await store.pruneHistory(before: $0) } }
            group.addTask {
                await remove("rejections", olderThan: retention) { try await store.pruneRejections(before: $0) }
            }
        }
    }

    /// Removes batch after batch, so that no transaction is long.
    private func remove(
        _ what: String, olderThan age: Duration, _ batch: @escaping @Sendable (Date) async throws -> Int
    ) async {
        await Periodic.run(every: Self.interval, "pruning \(what)", service.logger) {
            let time = Date() - age.seconds
            var rows = 0
            while case let removed = try await batch(time), removed > 0 { rows += removed }
            guard rows > 0 else { return }
            service.logger.info("removed what is old", metadata: ["what": "\(what)", "rows": "\(rows)"])
        }
    }
}
