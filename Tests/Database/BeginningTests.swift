import Database
import Foundations
import TestSupport
import Testing

/// Transactions, which begin with their first statement.
@Suite(.timeLimit(.minutes(1))) struct BeginningTests {
    private struct Refused: Error {}

    private static let process: SQL = "select pg_backend_pid() as value"

    @Test func `one without statements asks the server nothing and gives what its body gives`() async throws {
        try await withPool(size: 1) { pool async throws in
            #expect(try await pool.transaction { _ in 7 } == 7)
            await #expect(throws: Refused.self) { try await pool.transaction { _ in throw Refused() } }
            #expect(try await pool.value("select 1 as value", as: Int.self) == 1)
        }
    }

    @Test func `every statement is in it, with the isolation that was asked for`() async throws {
        try await withPool(size: 1) { pool in
            for _ in 0..<3 {
                let seen = try await pool.transaction(isolation: .serializable) { connection in
                    try (0..<2).map { _ in
                        let row = try connection.execute(
                            "select pg_current_xact_id()::text || current_setting('transaction_isolation') as value")
                        return try row.first?.get("value", as: String.self)
                    }
                }
                #expect(seen.first == seen.last && seen.first??.hasSuffix("serializable") == true)
            }
        }
    }

    @Test func `a script, a new statement and a known one all begin it`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.run("create table t (n int)")
            for insert: @Sendable (Connection) throws -> Void in [
                { try $0.execute(script: "insert into t values (1)") },
                { try $0.execute("insert into t values (2)") }, { try $0.execute("insert into t values (2)") },
            ] {
                await #expect(throws: Refused.self) {
                    try await pool.transaction { connection in
                        try insert(connection)
                        throw Refused()
                    }
                }
            }
            #expect(try await pool.value("select count(*) as value from t", as: Int.self) == 0)
        }
    }

    @Test func `a first statement that fails leaves the connection as it was`() async throws {
        try await withPool(size: 1) { pool in
            let process = try await pool.value(Self.process, as: Int.self)
            for _ in 0..<3 {
                let error = try await databaseError {
                    try await pool.transaction { _ = try $0.execute("select 1 / \(0)") }
                }
                #expect(error?.sqlState == "22012" && error?.phase == .statement)
                #expect(try await pool.transaction { try $0.execute(Self.process).first?.get("value") } == process)
            }
        }
    }

    @Test func `a first statement that nobody could prepare fails it, also where the error is ignored`() async throws {
        try await withPool(size: 1) { pool in
            for _ in 0..<2 {
                let error = try await databaseError {
                    try await pool.transaction { connection in
                        _ = try? connection.execute("select * from missing")
                        _ = try? connection.execute("create table t (n int)")
                    }
                }
                #expect(error?.code == .transactionAborted)
            }
            #expect(try await pool.value("select to_regclass('t') is null as value", as: Bool.self) == true)
        }
    }

    @Test func `a first statement can be cancelled, and the connection goes on`() async throws {
        try await withPool(size: 1) { pool in
            let sleep: SQL = "select pg_sleep(\(30.0))"
            let process = try await pool.value(Self.process, as: Int.self)
            // Once to be prepared, then in one round trip with the beginning.
            for _ in 0..<3 {
                let started = Gate()
                let task = Task {
                    try await pool.transaction { connection in
                        started.open()
                        _ = try connection.execute(sleep)
                    }
                }
                try await started.wait()
                task.cancel()
                #expect(try await databaseError { try await task.value }?.code == .cancelled)
                #expect(try await pool.transaction { try $0.execute(Self.process).first?.get("value") } == process)
            }
        }
    }

    @Test func `a connection that is lost with the first statement is replaced`() async throws {
        try await withPool(size: 1) { pool in
            let end: SQL = "select pg_terminate_backend(pg_backend_pid()) as value"
            for _ in 0..<3 {
                let error = try await databaseError { try await pool.transaction { _ = try $0.execute(end) } }
                #expect(error?.code == .unavailable && error?.phase == .statement, "\(String(describing: error))")
                try await pool.ping()
            }
        }
    }

    @Test func `a first statement may be of any size`() async throws {
        try await withPool(size: 1) { pool in
            let text = String(repeating: "0123456789abcdef", count: 1 << 19)
            for _ in 0..<2 {
                let echo = try await pool.transaction { connection in
                    try connection.execute("select \(text) as value").first?.get("value", as: String.self)
                }
                #expect(echo == text)
            }
        }
    }

    @Test func `a copy is refused, and the connection replaced`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.run("create table t (n int)")
            for copy: SQL in ["copy t to stdout", "copy t from stdin", "copy t to stdout", "copy t from stdin"] {
                let error = try await databaseError { try await pool.transaction { _ = try $0.execute(copy) } }
                #expect(error?.code == .other, "\(String(describing: error))")
                try await pool.ping()
            }
        }
    }

    @Test func `commits without waiting for the disk begin so, and others not`() async throws {
        try await withPool(size: 1) { pool in
            let setting: SQL = "select current_setting('synchronous_commit') as value"
            for _ in 0..<2 {
                for (isSynchronous, expected) in [(false, "off"), (true, "on")] {
                    let seen: String? = try await pool.transaction(synchronousCommit: isSynchronous) {
                        try $0.execute(setting).first?.get("value")
                    }
                    #expect(seen == expected)
                }
            }
        }
    }
}
