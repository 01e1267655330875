import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle

/// Removes what nobody needs any more: messages that the stream has dropped too, and the work and the history of tasks
/// that ended long ago. Each is a duty with a loop of its own: what cannot be removed keeps nothing else.
package struct Pruner: Service {
    private static let interval: Duration = .seconds(3600)

    private let duties: Duties
    private let removals: [Removal]

    package init(_ service: ServiceContext, _ duties: Duties) throws {
        let days = try service.settings.source.int(.retention, in: 1...3650)
        self.duties = duties
        removals = Removal.all(service.store, retention: .seconds(86_400 * days), service.logger)
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for removal in removals {
                group.addTask { await duties.perform(removal.duty, every: Self.interval) { try await removal.run() } }
            }
        }
    }
}

/// One kind of thing that is removed once it is too old.
struct Removal: Sendable {
    let duty: Duty
    let age: Duration
    /// How many at a time, so that no transaction is long.
    let batch: Int
    let remove: @Sendable (_ before: Date, _ limit: Int) async throws -> Int
    let logger: Logger

    /// - Parameter retention: How long the work and the history of ended tasks are kept.
    static func all(_ record: any PrunedRecord, retention: Duration, _ logger: Logger) -> [Removal] {
        [
            Removal(
                duty: .oldMessages, age: StreamTopology.maxAge, batch: 5000, remove: record.pruneOutbox,
                logger: logger),
            Removal(duty: .oldTasks, age: retention, batch: 20, remove: record.pruneHistory, logger: logger),
            Removal(
                duty: .oldRejections, age: retention, batch: 1000, remove: record.pruneRejections, logger: logger),
        ]
    }

    /// Removes batch after batch until nothing is left that is older.
    func run(now: Date = Date()) async throws {
        let time = now - age.seconds
        var rows = 0
        while case let removed = try await remove(time, batch), removed > 0 { rows += removed }
        guard rows > 0 else { return }
        logger.info("removed what is old", metadata: ["duty": "\(duty.name)", "rows": "\(rows)"])
    }
}
