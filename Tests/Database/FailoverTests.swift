import Database
import Foundations
import TestSupport
import Testing

/// What a failover leaves behind: connections to a server that takes no writes any more, or tables that have changed.
@Suite(.timeLimit(.minutes(2))) struct FailoverTests {
    @Test func `a connection that became read-only is replaced and the transaction runs again`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.run("create table t (n int)")
            try await pool.run("set default_transaction_read_only = on")
            try await pool.transaction { _ = try $0.execute("insert into t values (1)") }
            #expect(try await pool.value("select count(*) as value from t", as: Int.self) == 1)
        }
    }

    @Test func `a single statement on such a connection is retriable, and succeeds the next time`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.run("create table t (n int)")
            try await pool.run("set default_transaction_read_only = on")
            let error = try await databaseError { try await pool.run("insert into t values (1)") }
            #expect(error?.code == .unavailable && error?.isRetriable == true && error?.sqlState == "25006")
            #expect(try await pool.run("insert into t values (1)") == 1)
        }
    }

    @Test func `of several hosts the one that takes writes is used`() async throws {
        let standby = try await PostgresServer.start(settings: ["default_transaction_read_only": "on"])
        let primary = try await PostgresServer.shared()
        let pool = ConnectionPool(
            DatabaseConfiguration(
                url: Secret("postgres://postgres@127.0.0.1:\(standby.port),127.0.0.1:\(primary.port)/postgres"), size: 1
            ))
        #expect(try await pool.value("select inet_server_port() as value", as: Int.self) == primary.port)
        try await pool.close()
        try await standby.stop()
    }

    @Test func `a server that takes no writes is waited for`() async throws {
        let server = try await PostgresServer.start(settings: ["default_transaction_read_only": "on"])
        var configuration = DatabaseConfiguration(url: Secret(server.url), size: 1)
        configuration.acquireTimeout = .milliseconds(200)
        let pool = ConnectionPool(configuration)
        let error = try await databaseError { try await pool.ping() }
        #expect(error?.code == .unavailable && error?.phase == .connect, "\(String(describing: error))")
        try await pool.close()
        // Who only wants to read says so.
        let reader = ConnectionPool(
            DatabaseConfiguration(url: Secret("\(server.url)?target_session_attrs=any"), size: 1))
        try await reader.ping()
        try await reader.close()
        try await server.stop()
    }

    @Test func `a transaction whose every table changed runs again on a connection that knows of none`() async throws {
        try await withPool(size: 1) { pool in
            let tables = (0..<12).map { "t\($0)" }
            let selects: [SQL] = tables.map { "select * from \(identifier: $0)" }
            for table in tables { try await pool.run("create table \(identifier: table) (a int)") }
            for select in selects { try await pool.run(select) }
            for table in tables { try await pool.run("alter table \(identifier: table) add b int") }
            try await pool.transaction { connection in
                for select in selects { _ = try connection.execute(select) }
            }
        }
    }

    @Test(arguments: [
        ("08006", true), ("25006", true), ("26000", true), ("53300", true), ("57P01", true), ("57P04", true),
        ("57P05", true), ("58030", true), ("40001", true), ("25P04", true), ("0A000", false), ("42601", false),
        ("23505", false), ("22012", false),
    ])
    func `what the server says by itself can go away`(state: String, isRetriable: Bool) async throws {
        try await withPool(size: 1) { pool in
            let raise = "do $$ begin raise exception 'x' using errcode = '\(state)'; end $$"
            let error = try await databaseError {
                try await pool.withConnection { try $0.execute(script: raise) }
            }
            #expect(error?.sqlState == state && error?.isRetriable == isRetriable)
        }
    }
}
