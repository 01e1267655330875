import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Removes what nobody needs any more: messages that the stream has dropped too, and the work and the history of tasks
/// that ended long ago. Each is a duty with a loop of its own: what cannot be removed keeps nothing else.
package struct Pruner: Service {
    private static let interval: Duration = .seconds(3600)

    private let service: ServiceContext
    /// How long the work and the history of ended tasks are kept.
    private let retention: Duration
    private let duties: Duties

    package init(_ service: ServiceContext, _ duties: Duties) throws {
        self.service = service
        self.duties = duties
        retention = .seconds(86_400 * (try service.settings.source.int(.retention, in: 1...3650)))
    }

    package func run() async throws {
        let store = service.store
        await withDiscardingTaskGroup { group in
            group.addTask {
                await remove(.oldMessages, olderThan: StreamTopology.maxAge) { try await store.pruneOutbox(before: $0) }
            }
            group.addTask {
                await remove(.oldTasks, olderThan: retention) { try await store.pruneHistory(before: $0) }
            }
            group.addTask {
                await remove(.oldRejections, olderThan: retention) { try await store.pruneRejections(before: $0) }
            }
        }
    }

    /// Removes batch after batch, so that no transaction is long.
    private func remove(
        _ duty: Duty, olderThan age: Duration, _ batch: @escaping @Sendable (Date) async throws -> Int
    ) async {
        await duties.perform(duty, every: Self.interval) {
            let time = Date() - age.seconds
            var rows = 0
            while case let removed = try await batch(time), removed > 0 { rows += removed }
            guard rows > 0 else { return }
            service.logger.info("removed what is old", metadata: ["duty": "\(duty.name)", "rows": "\(rows)"])
        }
    }
}
