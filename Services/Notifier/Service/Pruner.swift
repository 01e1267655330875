import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle

/// Removes what nobody needs any more: messages that the stream has dropped too, the work and the history of tasks that
/// ended long ago, log lines, replicas that are gone. Each is a duty with a loop of its own: what cannot be removed keeps
/// nothing else.
package struct Pruner: Service {
    private static let interval: Duration = .seconds(3600)

    private let duties: Duties
    private let removals: [Removal]

    package init(_ service: ServiceContext, _ duties: Duties) throws {
        let source = service.settings.source
        self.duties = duties
        removals = Removal.all(
            service.store, retention: .days(try source.int(.retention, in: 1...3650)),
            logRetention: .days(try source.int(.logRetention, in: 1...3650)), service.logger)
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

    /// How long a replica that is gone can be seen.
    private static let replicaRetention: Duration = .days(1)
    /// Longer than any task is open: its time limit is longer by its pauses.
    private static let pauseRetention: Duration = .days(365)

    /// - Parameters:
    ///   - retention: How long the work and the history of ended tasks are kept.
    ///   - logRetention: How long log lines are kept.
    static func all(
        _ record: any PrunedRecord, retention: Duration, logRetention: Duration, _ logger: Logger
    ) -> [Removal] {
        [
            Removal(
                duty: .oldMessages, age: StreamTopology.maxAge, batch: 5000, remove: record.pruneOutbox,
                logger: logger),
            Removal(duty: .oldTasks, age: retention, batch: 20, remove: record.pruneHistory, logger: logger),
            Removal(
                duty: .oldRejections, age: retention, batch: 1000, remove: record.pruneRejections, logger: logger),
            Removal(duty: .oldLogs, age: logRetention, batch: 5000, remove: record.pruneLogs, logger: logger),
            Removal(duty: .oldFailures, age: retention, batch: 5000, remove: record.pruneFailures, logger: logger),
            Removal(
                duty: .oldModelFailures, age: retention, batch: 5000, remove: record.pruneModelFailures,
                logger: logger),
            Removal(
                duty: .oldReplicas, age: replicaRetention, batch: 1000, remove: record.pruneReplicas, logger: logger),
            Removal(duty: .oldPauses, age: pauseRetention, batch: 1000, remove: record.prunePauses, logger: logger),
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

extension Duration {
    fileprivate static func days(_ count: Int) -> Duration { .seconds(86_400 * count) }
}
