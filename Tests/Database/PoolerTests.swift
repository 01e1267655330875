import Database
import Foundations
import TestSupport
import Testing

/// A pool that reaches the server through a real PgBouncer, which has fewer connections than the pool.
@Suite(.timeLimit(.minutes(2))) struct PoolerTests {
    private func withPooledPool(
        mode: String = "transaction", size: Int = 2, _ body: (ConnectionPool, _ url: String) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.shared()
        let bouncer = try await PgBouncer.start(before: server, mode: mode, size: size)
        let url = bouncer.url(of: try await server.createDatabase())
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 6))
        let result: Result<Void, any Error>
        do { result = .success(try await body(pool, url)) } catch { result = .failure(error) }
        try await pool.close()
        try await bouncer.stop()
        try result.get()
    }

    @Test(arguments: ["transaction", "session"])
    func `many connections share few sessions`(mode: String) async throws {
        try await withPooledPool(mode: mode, size: mode == "session" ? 6 : 2) { pool, _ in
            try await pool.run("create table t (n int primary key, at timestamptz not null default now())")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<60 {
                    group.addTask {
                        try await pool.transaction { connection in
                            try connection.execute("insert into t (n) values (\(n))")
                            _ = try connection.execute("select n from t where n = \(n) for update")
                        }
                        #expect(try await pool.value("select n as value from t where n = \(n)", as: Int.self) == n)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.value("select count(*) as value from t", as: Int.self) == 60)
        }
    }

    @Test func `each transaction has the settings of its own pool`() async throws {
        try await withPooledPool(size: 1) { pool, url in
            var configuration = DatabaseConfiguration(url: Secret(url), size: 1)
            configuration.statementTimeout = .seconds(7)
            let other = ConnectionPool(configuration)
            for _ in 0..<3 {
                for (pool, timeout) in [(pool, "30s"), (other, "7s")] {
                    let setting: SQL = "select current_setting('statement_timeout') as value"
                    #expect(try await pool.value(setting, as: String.self) == timeout)
                    #expect(try await pool.transaction { try $0.execute(setting).first?.get("value") } == timeout)
                }
            }
            try await other.close()
        }
    }

    @Test func `a statement that fails or takes too long leaves nothing behind`() async throws {
        try await withPooledPool(size: 1) { _, url in
            var configuration = DatabaseConfiguration(url: Secret(url), size: 1)
            configuration.statementTimeout = .milliseconds(50)
            let pool = ConnectionPool(configuration)
            #expect(try await databaseError { try await pool.run("select pg_sleep(30)") }?.code == .timeout)
            #expect(try await databaseError { try await pool.run("select 1 / 0") }?.sqlState == "22012")
            #expect(try await pool.value("select 1 as value", as: Int.self) == 1)
            try await pool.close()
        }
    }

    @Test func `cancellation ends a running query`() async throws {
        try await withPooledPool { pool, _ in
            let started = Gate()
            let task = Task {
                try await pool.transaction { connection in
                    started.open()
                    _ = try connection.execute("select pg_sleep(30)")
                }
            }
            try await started.wait()
            task.cancel()
            #expect(try await databaseError { try await task.value }?.code == .cancelled)
            #expect(try await pool.value("select 1 as value", as: Int.self) == 1)
        }
    }

    @Test func `a lock is held until the end of its transaction`() async throws {
        try await withPooledPool { pool, _ in
            let held: SQL = "select count(*) as value from pg_locks where locktype = 'advisory' and objid = 11"
            let inside: Int? = try await pool.transaction { connection in
                try connection.lock(AdvisoryLock(key: 11))
                return try connection.execute(held).first?.get("value")
            }
            #expect(inside == 1)
            #expect(try await pool.value(held, as: Int.self) == 0)
        }
    }
}
