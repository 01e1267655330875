import Database
import Foundation
import Foundations
import Logging
import PlatformSupport
import Synchronization
import TestSupport

/// Ends the services' connections to Postgres and takes every one that is free, so that they get none.
final class ExhaustConnections: Nemesis {
    /// What the cluster of the test allows.
    static let limit = 60

    private let url: String
    private let taken = Mutex<(pool: ConnectionPool, holding: Task<Void, Never>)?>(nil)
    let rest = 0.5...2.0
    let hold = 1.0...3.0

    init(_ installation: Installation) { url = installation.platform.databaseURL }

    func inject(_ random: inout SeededGenerator) async throws {
        let pool = ConnectionPool(
            DatabaseConfiguration(
                url: Secret(url), size: Self.limit, applicationName: "chaos", logger: Logger(label: "chaos")))
        let holding = Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.limit { group.addTask { await Self.hold(pool) } }
            }
        }
        taken.withLock { $0 = (pool, holding) }
    }

    func heal() async throws {
        let taken = taken.withLock { taken in
            defer { taken = nil }
            return taken
        }
        taken?.holding.cancel()
        await taken?.holding.value
        try await taken?.pool.close()
    }

    /// Holds a connection until it is cancelled, and ends one of a service first.
    private static func hold(_ pool: ConnectionPool) async {
        _ = try? await pool.withConnection { connection in
            try connection.execute(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where application_name like 'automata-%' order by random() limit 1
                """)
            return try connection.execute("select pg_sleep(60)").count
        }
    }
}
