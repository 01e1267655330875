import Database
import Foundations
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PoolTests {
    @Test func `a connection that the server closed is replaced unnoticed`() async throws {
        try await withPool(size: 1) { pool in
            try await withPool(size: 1) { other in
                for _ in 0..<5 {
                    let backend = try #require(try await pool.value("select pg_backend_pid() as value", as: Int.self))
                    try await terminate(backend, through: other)
                    #expect(try await pool.value("select pg_backend_pid() as value", as: Int.self) != backend)
                }
            }
        }
    }

    @Test func `a connection lost in the middle of the work is a retriable error`() async throws {
        try await withPool(size: 1) { pool in
            let inWithConnection = try await databaseError {
                try await pool.run("select pg_terminate_backend(pg_backend_pid())")
            }
            #expect(inWithConnection?.code == .unavailable && inWithConnection?.isRetriable == true)
            let inTransaction = try await databaseError {
                try await pool.transaction { _ = try $0.execute("select pg_terminate_backend(pg_backend_pid())") }
            }
            #expect(inTransaction?.code == .unavailable && inTransaction?.phase == .statement)
            try await pool.ping()
        }
    }

    /// Returns when the backend is gone.
    private func terminate(_ backend: Int, through pool: ConnectionPool) async throws {
        let gone = try await pool.value("select pg_terminate_backend(\(backend)::int, 10000) as value", as: Bool.self)
        #expect(gone == true)
    }

    @Test func `the pool recovers from a crash of the server`() async throws {
        let server = try await PostgresServer.start()
        try await withPool(size: 3, on: server) { pool in
            try await pool.run("create table t (n int)")
            for round in 1...2 {
                try await pool.run("insert into t values (\(round))")
                try await server.restartImmediately()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<6 { group.addTask { try await pool.transaction { _ = try $0.execute("select 1") } } }
                    try await group.waitForAll()
                }
                #expect(try await pool.value("select count(*) as value from t", as: Int.self) == round)
            }
        }
        try await server.stop()
    }

    @Test func `work waits for a server that comes back`() async throws {
        let server = try await PostgresServer.start()
        try await withPool(size: 1, on: server) { pool in
            try await pool.ping()
            try await server.halt()
            async let answer: Void = pool.ping()
            try await server.launch()
            try await answer
        }
        try await server.stop()
    }

    @Test func `a server that cannot be reached gives a retriable error in time`() async throws {
        var configuration = DatabaseConfiguration(
            url: Secret("postgres://u:hush-hush@127.0.0.1:\(try FreePort.next())/d"), size: 1)
        configuration.acquireTimeout = .milliseconds(200)
        let pool = ConnectionPool(configuration)
        let start = ContinuousClock.now
        let error = try await databaseError { try await pool.ping() }
        #expect(error?.code == .unavailable && error?.isRetriable == true && error?.phase == .connect)
        #expect(ContinuousClock.now - start < .seconds(2))
        try await pool.close()
    }

    @Test(arguments: [
        "", "not a url hush", "postgres://u:hush/hush@localhost/d", "postgres://u:hu@sh@localhost/d",
        "postgres://u:hush@localhost:port/d", "postgres://u:hush@localhost/d?unknown=hush", "postgres://u:hu%00sh@h/d",
        "a\0hush",
    ])
    func `a broken URL is refused at once and not repeated`(url: String) async throws {
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 1))
        let error = try await databaseError { try await pool.ping() }
        #expect(error?.message == "the URL of the database is not valid")
        #expect(error?.isRetriable == false)
        try await pool.close()
    }

    @Test func `a database that does not exist is an error at once`() async throws {
        let server = try await PostgresServer.shared()
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(server.url + "_missing"), size: 1))
        let error = try await databaseError { try await pool.ping() }
        #expect(error?.sqlState == "3D000" && error?.isRetriable == false, "\(String(describing: error))")
        try await pool.close()
    }

    @Test func `the Unix socket works too`() async throws {
        let server = try await PostgresServer.shared()
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(server.socketURL), size: 1))
        #expect(try await pool.value("select inet_server_addr() is null as value", as: Bool.self) == true)
        try await pool.close()
    }

    @Test func `cancellation ends a running query`() async throws {
        try await withPool(size: 1) { pool in
            let started = Gate()
            let task = Task {
                try await pool.withConnection { connection in
                    started.open()
                    try connection.execute(script: "select pg_sleep(30)")
                }
            }
            try await started.wait()
            let start = ContinuousClock.now
            task.cancel()
            let error = try await databaseError { try await task.value }
            #expect(error?.code == .cancelled && error?.isRetriable == false)
            #expect(ContinuousClock.now - start < .seconds(1))
            #expect(try await pool.value("select 1 as value", as: Int.self) == 1)
        }
    }

    @Test func `cancellation rolls a transaction back`() async throws {
        try await withPool(size: 1) { pool in
            try await pool.run("create table t (n int)")
            let started = Gate()
            let task = Task {
                try await pool.transaction { connection in
                    try connection.execute("insert into t values (1)")
                    started.open()
                    while true { try connection.execute("select pg_sleep(0.01)") }
                }
            }
            try await started.wait()
            task.cancel()
            #expect(try await databaseError { try await task.value }?.code == .cancelled)
            #expect(try await pool.value("select count(*) as value from t", as: Int.self) == 0)
        }
    }

    @Test func `cancellation never hits the next work on the connection`() async throws {
        try await withPool(size: 1) { pool in
            for round in 0..<200 {
                let task = Task { try await pool.value("select \(round) as value", as: Int.self) }
                async let next = pool.value("select pg_sleep(0.0005), \(round) as value", as: Int.self)
                if round.isMultiple(of: 2) { await Task.yield() }
                task.cancel()
                let answer = try await next
                #expect(answer == round)
                if case .failure(let error) = await task.result {
                    #expect((error as? DatabaseError)?.code == .cancelled)
                }
            }
        }
    }

    @Test func `waiting work is cancelled at once`() async throws {
        try await withPool(size: 1) { pool in
            let (started, release) = (Gate(), Rendezvous(2))
            async let blocker: Void = pool.withConnection { _ in
                started.open()
                release.arrive()
            }
            try await started.wait()
            let waiting = Task { try await pool.ping() }
            waiting.cancel()
            #expect(try await databaseError { try await waiting.value }?.code == .cancelled)
            release.arrive()
            try await blocker
        }
    }

    @Test func `an exhausted pool serves in the order of arrival`() async throws {
        try await withPool(size: 1) { pool in
            let (started, release, served) = (Gate(), Rendezvous(2), Recorder<Int>())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await pool.withConnection { _ in
                        started.open()
                        release.arrive()
                    }
                }
                try await started.wait()
                for number in 0..<20 {
                    group.addImmediateTask { try await pool.withConnection { _ in served.record(number) } }
                }
                #expect(served.count == 0)
                release.arrive()
                try await group.waitForAll()
            }
            #expect(served.elements == Array(0..<20))
        }
    }

    @Test func `work that comes one by one stays on one connection, and no other is opened`() async throws {
        try await withPool(size: 4) { pool in
            let first = try await pool.value("select pg_backend_pid() as value", as: Int.self)
            for _ in 0..<50 {
                #expect(try await pool.value("select pg_backend_pid() as value", as: Int.self) == first)
                #expect(pool.load.inUse == 0)
            }
            #expect(try await openConnections(pool) == 1)
        }
    }

    @Test func `work that is done at once has a connection each, and then stays on the one used last`() async throws {
        try await withPool(size: 3) { pool in
            let together = Rendezvous(3)
            let backends = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            together.arrive()
                            return try connection.execute("select pg_backend_pid() as n").first?.get("n", as: Int.self)
                        }
                    }
                }
                return try await group.reduce(into: Set<Int>()) { if let n = $1 { $0.insert(n) } }
            }
            #expect(backends.count == 3)
            let last = try await pool.value("select pg_backend_pid() as value", as: Int.self)
            for _ in 0..<20 {
                #expect(try await pool.value("select pg_backend_pid() as value", as: Int.self) == last)
            }
            #expect(try await openConnections(pool) == 3)
        }
    }

    private func openConnections(_ pool: ConnectionPool) async throws -> Int? {
        try await pool.value(
            """
            select count(*) as value from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend'
            """, as: Int.self)
    }

    @Test func `a statement that takes too long ends as a timeout`() async throws {
        try await withPool(configure: { $0.statementTimeout = .milliseconds(50) }) { pool in
            let error = try await databaseError { try await pool.run("select pg_sleep(30)") }
            #expect(error?.code == .timeout && error?.isRetriable == true)
        }
    }

    @Test func `waiting too long for a lock is a timeout`() async throws {
        try await withPool(size: 2, configure: { $0.lockTimeout = .milliseconds(50) }) { pool in
            let (held, release) = (Gate(), Rendezvous(2))
            async let holder: Void = pool.transaction { connection in
                try connection.lock(AdvisoryLock(key: 1))
                held.open()
                release.arrive()
            }
            try await held.wait()
            let error = try await databaseError {
                try await pool.transaction { try $0.lock(AdvisoryLock(key: 1)) }
            }
            release.arrive()
            try await holder
            #expect(error?.code == .timeout)
        }
    }

    @Test func `connections are set up`() async throws {
        try await withPool(configure: { $0.applicationName = "it's me" }) { pool in
            for (name, value) in [
                ("application_name", "it's me"), ("statement_timeout", "30s"), ("lock_timeout", "10s"),
                ("idle_in_transaction_session_timeout", "30s"), ("client_encoding", "UTF8"), ("TimeZone", "UTC"),
            ] {
                let setting = try await pool.value("select current_setting(\(name)) as value", as: String.self)
                #expect(setting == value)
            }
        }
    }

    @Test func `a closed pool finishes what it has and takes nothing more`() async throws {
        let server = try await PostgresServer.shared()
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(server.url), size: 1))
        let (started, release) = (Gate(), Rendezvous(2))
        async let running = pool.withConnection { connection in
            started.open()
            release.arrive()
            return try connection.execute("select 1 as n").count
        }
        try await started.wait()
        async let closed: Void = pool.close()
        release.arrive()
        #expect(try await running == 1)
        try await closed
        #expect(try await databaseError { try await pool.ping() }?.code == .closed)
    }

    @Test func `the service ends when it is cancelled`() async throws {
        let server = try await PostgresServer.shared()
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(server.url), size: 2))
        try await pool.ping()
        let service = Task { try await pool.run() }
        service.cancel()
        _ = await service.result
        #expect(try await databaseError { try await pool.ping() }?.code == .closed)
    }
}
