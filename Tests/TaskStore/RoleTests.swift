import Contracts
import Database
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// Who makes the schema and the roles, and what those are told who may not.
@Suite(.timeLimit(.minutes(3))) struct RoleTests {
    /// Lends a cluster without roles and a database of a login that is no superuser.
    private func withOwner(
        _ rights: String, _ body: (_ owner: ConnectionPool, _ url: String, PostgresServer) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.start()
        let url = try await server.createDatabase()
        let admin = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 1))
        try await admin.withConnection { connection in
            try connection.execute(
                script: """
                    create role maker login \(rights);
                    do $$ begin execute format('alter database %I owner to maker', current_database()); end $$
                    """)
        }
        let owner = ConnectionPool(
            DatabaseConfiguration(url: Secret(url.replacing("//postgres@", with: "//maker@")), size: 1))
        let result: Result<Void, any Error>
        do { result = .success(try await body(owner, url, server)) } catch { result = .failure(error) }
        try await owner.close()
        try await admin.close()
        try await server.stop()
        try result.get()
    }

    @Test func `an owner that is no superuser makes the schema and the roles, again and again`() async throws {
        try await withOwner("createrole") { owner, url, _ in
            try await TaskStore.migrate(owner)
            for _ in 0..<2 {
                try await TaskStore.grantAccess(owner, passwords: [.service(.coder): Secret("it's \"quoted\" $1")])
            }
            let coder = ConnectionPool(
                DatabaseConfiguration(url: Secret(url.replacing("//postgres@", with: "//automata_coder@")), size: 1))
            let tasks = try await TaskStore(pool: coder).page(QueryRequest("tasks"), in: .platform)
            #expect(tasks?.items == [])
            // What was granted besides is taken back.
            try await owner.withConnection { connection in
                try connection.execute(script: "grant select on sealed_credentials to automata_coder")
            }
            try await TaskStore.grantAccess(owner)
            let refused = await Fixture(store: TaskStore(pool: coder), pool: coder).isForbidden(
                "select from sealed_credentials")
            #expect(refused)
            try await coder.close()
        }
    }

    @Test func `a password is kept as its verifier alone`() async throws {
        try await withOwner("createrole") { owner, _, server in
            try await TaskStore.migrate(owner)
            try await TaskStore.grantAccess(owner, passwords: [.service(.pusher): Secret("marker-5f0e")])
            let admin = ConnectionPool(DatabaseConfiguration(url: Secret(server.url), size: 1))
            let kept = try await admin.withConnection { connection -> [String] in
                try connection.execute("select rolname, rolpassword from pg_authid where rolcanlogin").map { row in
                    "\(try row.get("rolname", as: String.self)) \(try row.get("rolpassword", as: String?.self) ?? "")"
                }
            }
            try await admin.close()
            #expect(kept.contains { $0.hasPrefix("automata_pusher SCRAM-SHA-256$") })
            #expect(!kept.contains { $0.hasPrefix("automata_planner") })
            #expect(!kept.contains { $0.contains("marker-5f0e") })
        }
    }

    @Test func `an owner that may make no roles is told what to do`() async throws {
        try await withOwner("") { owner, _, _ in
            try await TaskStore.migrate(owner)
            let error = try await storeError { try await TaskStore.grantAccess(owner) }
            #expect(error == .rolesMissing(DatabaseRole.allCases.map(\.name).sorted()))
            #expect("\(error, default: "")".contains("CREATEROLE"))
        }
    }

    @Test func `who does not own the schema waits until it is migrated`() async throws {
        try await withOwner("createrole") { owner, url, _ in
            try await TaskStore.migrate(owner, with: [Migration.tasks])
            let other = ConnectionPool(
                DatabaseConfiguration(url: Secret(url.replacing("//postgres@", with: "//coder@")), size: 1))
            try await owner.withConnection { connection in
                try connection.execute(script: "create role coder login; grant select on schema_migrations to coder")
            }
            let program = Migration.all.last?.version ?? 0
            let error = try await storeError { try await TaskStore.migrate(other) }
            #expect(error == .schemaTooOld(database: 1, program: program))
            #expect(error?.isRetriable == true && "\(error, default: "")".contains("automata migrate"))
            try await TaskStore.migrate(owner)
            #expect(try await TaskStore.migrate(other).isEmpty)
            try await other.close()
        }
    }

    @Test func `seals that stood in requests are moved to their table`() async throws {
        let url = Secret(try await PostgresServer.shared().createDatabase())
        let pool = ConnectionPool(DatabaseConfiguration(url: url, size: 1))
        try await TaskStore.migrate(pool, with: Migration.all.filter { $0.version < Migration.access.version })
        for (task, credentials) in [
            ("closed", Credentials.sealed("the seal")), ("open", Credentials.none),
        ] {
            var request = request(try address(task))
            request.repository.credentials = credentials
            let json = request.json
            try await pool.withConnection { connection in
                _ = try connection.execute(
                    """
                    insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, content_hash,
                        priority, status, stage, timeout_seconds, deadline_at)
                    values (gen_random_uuid(), 'acme', 'web', \(task), repeat('a', 32), \(json), 'h', 5, 'queued', 'plan',
                        60, now())
                    """)
            }
        }
        try await TaskStore.migrate(pool)
        let store = TaskStore(pool: pool)
        for (task, withSeal, expected) in [
            ("closed", true, Credentials.sealed("the seal")), ("closed", false, .sealed("")), ("open", true, .none),
        ] {
            let record = try await store.workflow(try address(task), withSeal: withSeal)
            #expect(record?.request.repository.credentials == expected)
        }
        let bad: [SQL] = [
            "update tasks set request = jsonb_set(request, '{repository,credentials,sealed}', '\"x\"') where task_id = 'closed'",
            "update tasks set request = jsonb_set(request, '{repository,credentials,password}', '\"x\"')",
        ]
        for statement in bad {
            await #expect(throws: DatabaseError.self) {
                try await pool.withConnection { _ = try $0.execute(statement) }
            }
        }
        try await pool.close()
    }
}
