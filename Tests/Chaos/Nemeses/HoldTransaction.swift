import Database
import Foundation
import Foundations
import Logging
import PlatformSupport
import Synchronization
import TestSupport

/// Holds a transaction open that has locked a task somebody works on, beside long readers of an old snapshot.
final class HoldTransaction: Nemesis {
    private let pool: ConnectionPool
    private let holding = Mutex<Task<Void, Never>?>(nil)
    let rest = 0.3...1.0
    let hold = 1.0...4.0

    init(_ installation: Installation) {
        pool = ConnectionPool(
            DatabaseConfiguration(
                url: Secret(installation.platform.databaseURL), size: 4, applicationName: "chaos",
                logger: Logger(label: "chaos")))
    }

    func inject(_ random: inout SeededGenerator) async throws {
        let task = Task { [pool] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await Self.run(
                        pool, .readCommitted, "select 1 from tasks where finished_at is null limit 2 for update")
                }
                for _ in 0..<3 {
                    group.addTask { await Self.run(pool, .repeatableRead, "select count(*) from stage_runs") }
                }
            }
        }
        holding.withLock { $0 = task }
    }

    func heal() async throws {
        let task = holding.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    /// Runs a statement and keeps its transaction open until it is cancelled.
    private static func run(_ pool: ConnectionPool, _ isolation: IsolationLevel, _ statement: SQL) async {
        try? await pool.transaction(isolation: isolation) { connection in
            _ = try connection.execute(statement)
            _ = try connection.execute("select pg_sleep(60)")
        }
    }
}
