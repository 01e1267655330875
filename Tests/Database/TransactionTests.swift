import Database
import Foundations
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TransactionTests {
    private struct Refused: Error {}

    @Test func `a transaction commits when its body returns and rolls back when it throws`() async throws {
        try await withPool { pool in
            try await pool.run("create table t (n int)")
            try await pool.transaction { _ = try $0.execute("insert into t values (1)") }
            await #expect(throws: Refused.self) {
                try await pool.transaction { connection in
                    try connection.execute("insert into t values (2)")
                    throw Refused()
                }
            }
            #expect(try await pool.value("select sum(n) as value from t", as: Int.self) == 1)
        }
    }

    @Test func `an error that the body ignores rolls back and is reported`() async throws {
        try await withPool { pool in
            try await pool.run("create table t (n int)")
            let error = try await databaseError {
                try await pool.transaction { connection in
                    try connection.execute("insert into t values (1)")
                    _ = try? connection.execute("select 1 / 0")
                }
            }
            #expect(error?.code == .transactionAborted)
            #expect(try await pool.value("select count(*) as value from t", as: Int.self) == 0)
        }
    }

    @Test func `a transaction left open is rolled back`() async throws {
        try await withPool(size: 1) { pool in
            let error = try await databaseError { try await pool.run("begin") }
            #expect(error?.code == .transactionAborted)
            try await expectNoneIdleInTransaction(pool)
        }
    }

    @Test func `nothing is left idle in a transaction`() async throws {
        try await withPool(size: 1) { pool in
            _ = try await databaseError { try await pool.transaction { _ = try $0.execute("select 1 / 0") } }
            _ = try? await pool.transaction { _ in throw Refused() }
            try await expectNoneIdleInTransaction(pool)
        }
    }

    private func expectNoneIdleInTransaction(_ pool: ConnectionPool) async throws {
        let open = try await pool.value(
            """
            select count(*) as value from pg_stat_activity
            where datname = current_database() and state like 'idle in transaction%'
            """, as: Int.self)
        #expect(open == 0)
    }

    @Test func `a violated constraint is named, without the value`() async throws {
        try await withPool { pool in
            try await pool.withConnection {
                try $0.execute(
                    script: """
                        create table parent (id text constraint parent_key primary key);
                        create table child (
                            id text constraint child_parent references parent, n int constraint child_positive check (n > 0));
                        """)
            }
            try await pool.run("insert into parent values ('hush')")
            let unique = try await databaseError { try await pool.run("insert into parent values (\("hush"))") }
            #expect(unique?.code == .uniqueViolation && unique?.constraint == "parent_key")
            #expect(unique?.sqlState == "23505" && unique?.isRetriable == false)
            #expect(unique.map { "\($0)".contains("hush") } == false)
            let foreign = try await databaseError { try await pool.run("insert into child values ('x', 1)") }
            #expect(foreign?.code == .foreignKeyViolation && foreign?.constraint == "child_parent")
            let check = try await databaseError { try await pool.run("insert into child values (null, \(-1))") }
            #expect(check?.code == .checkViolation && check?.constraint == "child_positive")
        }
    }

    @Test func `messages never quote a parameter`() async throws {
        try await withPool { pool in
            for sql: SQL in [
                "select (\("hush")::text)::int", "select (\("hush")::text)::uuid",
                "select (\("hush")::text)::timestamptz",
                "select (\("{hush")::text)::jsonb", "select (\("\"hush\"")::text)::float8",
            ] {
                let error = try await databaseError { try await pool.run(sql) }
                #expect(error.map { "\($0)".contains("hush") } == false)
            }
        }
    }

    @Test func `transactions that cannot be serialized are run again`() async throws {
        try await withPool(size: 2) { pool in
            try await pool.run("create table counter (n int)")
            try await pool.run("insert into counter values (0)")
            let runs = Counter()
            let rendezvous = Rendezvous(2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await pool.transaction(isolation: .serializable) { connection in
                            let n: Int = try connection.execute("select n from counter").first?.get("n") ?? -1
                            if runs.increment() <= 2 { rendezvous.arrive() }
                            try connection.execute("update counter set n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.value("select n as value from counter", as: Int.self) == 2)
            #expect(runs.count == 3)
        }
    }

    @Test func `a deadlock is resolved by running one transaction again`() async throws {
        try await withPool(size: 2) { pool in
            try await pool.run("create table t (id int primary key, n int)")
            try await pool.run("insert into t values (1, 0), (2, 0)")
            let runs = Counter()
            let rendezvous = Rendezvous(2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await pool.transaction { connection in
                            try connection.execute("update t set n = n + 1 where id = \(first)")
                            if runs.increment() <= 2 { rendezvous.arrive() }
                            try connection.execute("update t set n = n + 1 where id = \(second)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.value("select sum(n) as value from t", as: Int.self) == 4)
            #expect(runs.count == 3)
        }
    }

    @Test func `a transaction that always loses gives up after five retries`() async throws {
        try await withPool { pool in
            let runs = Counter()
            let error = try await databaseError {
                try await pool.transaction { connection in
                    _ = runs.increment()
                    try connection.execute(script: "do $$ begin raise exception 'lost' using errcode = '40001'; end $$")
                }
            }
            #expect(error?.code == .serialization && error?.isRetriable == true)
            #expect(runs.count == 6)
        }
    }

    @Test func `synchronous commit is off for one transaction only`() async throws {
        try await withPool(size: 1) { pool in
            let inside = try await pool.transaction(synchronousCommit: false) { connection in
                try connection.execute("show synchronous_commit").first?.get("synchronous_commit", as: String.self)
            }
            #expect(inside == "off")
            let after = try await pool.transaction { connection in
                try connection.execute("show synchronous_commit").first?.get("synchronous_commit", as: String.self)
            }
            #expect(after == "on")
        }
    }

    @Test func `a connection lost during the commit leaves the outcome unknown`() async throws {
        try await withPool { pool in
            try await pool.withConnection {
                try $0.execute(
                    script: """
                        create table t (n int);
                        create function hang_up() returns trigger language plpgsql as $$
                        begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
                        create constraint trigger at_commit after insert on t
                        deferrable initially deferred for each row execute function hang_up();
                        """)
            }
            let error = try await databaseError {
                try await pool.transaction { _ = try $0.execute("insert into t values (1)") }
            }
            #expect(error?.code == .commitOutcomeUnknown && error?.isRetriable == false && error?.phase == .commit)
        }
    }

    @Test func `a statement prepared before its table changed is prepared again`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.run("create table t (a int)")
            let select: SQL = "select * from t"
            try await pool.run(select)
            try await pool.run("alter table t add b int")
            try await pool.run(select)
            try await pool.run("alter table t add c int")
            try await pool.transaction { _ = try $0.execute(select) }
        }
    }

    @Test func `more statements than the cache holds`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.withConnection { connection in
                for n in 0..<300 {
                    let name = "c\(n)"
                    let rows = try connection.execute("select \(n) as \(identifier: name)")
                    #expect(try rows.first?.get(name, as: Int.self) == n)
                }
                let prepared = try connection.execute("select count(*) as n from pg_prepared_statements")
                #expect(try prepared.first?.get("n", as: Int.self) == 256)
            }
        }
    }
}

final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func increment() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
