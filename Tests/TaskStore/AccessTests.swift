import Contracts
import Database
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// Each role of the database tries what it may not.
@Suite(.timeLimit(.minutes(3))) struct AccessTests {
    /// What no role of ours may do.
    static let forbidden: [SQL] = [
        "create table mine (n int)", "create temporary table mine (n int)", "create schema mine",
        "drop table tasks", "alter table tasks add column mine int", "alter table tasks disable row level security",
        "alter table sealed_credentials owner to current_user", "truncate tasks", "create index on tasks (status)",
        "create role mine", "alter role automata_planner superuser", "alter role postgres nologin",
        "grant automata_planner to automata_coder", "set role postgres", "drop policy people on tasks",
        "create function mine() returns int language sql as 'select 1'",
        "create or replace function refuse_history_change() returns trigger language plpgsql as 'begin end'",
        "alter table tasks disable trigger all", "set session_replication_role = replica",
        "copy tasks to program 'cat'", "select pg_read_file('/etc/passwd')", "select pg_ls_dir('/')",
        "select lo_import('/etc/passwd')", "select lo_create(0)", "select lo_creat(-1)", "select lo_from_bytea(0, 'x')",
        "insert into readers values ('automata_coder', 'acme')",
        "insert into schema_migrations (version, name) values (99, 'x')", "delete from schema_migrations",
        "alter system set work_mem = '1GB'", "checkpoint", "select pg_reload_conf()",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
        "update sealed_credentials set sealed = 'x'",
        "create view mine as select * from sealed_credentials",
    ]

    /// The ways to the credentials of tasks.
    private static let seals: [SQL] = [
        "select sealed from project_credentials", "copy project_credentials to stdout",
        "select sealed from sealed_credentials", "select count(*) from sealed_credentials",
        "select t.workflow_id from tasks t join sealed_credentials using (workflow_id)",
        "copy sealed_credentials to stdout", "explain analyze select * from sealed_credentials",
        "update tasks set branch_name = (select max(sealed) from sealed_credentials)",
        "insert into sealed_credentials select workflow_id, 'x' from tasks on conflict do nothing",
        "grant select on sealed_credentials to public",
    ]

    @Test func `no service may do more than its work, and no other than planner and pusher reads credentials`()
        async throws
    {
        try await Installation.with { installation in
            try await installation.as("postgres") { owner in
                try await owner.submit("t1") { $0.repository.credentials = .sealed("the seal") }
                for role in DatabaseRole.services {
                    try await installation.as(role.name) { service in
                        for statement in Self.forbidden {
                            #expect(await service.isForbidden(statement), "\(role): \(statement.text)")
                        }
                        // Of a task that is changed before it begins they go with what was asked for.
                        let removes = await !service.isForbidden("delete from sealed_credentials where false")
                        #expect(removes == (role == .service(.planner)), "\(role)")
                        let locks = await !service.isForbidden("do $$ begin lock table sealed_credentials; end $$")
                        #expect(locks == removes, "who may remove rows may lock the table: \(role)")
                        guard role != .service(.planner), role != .service(.pusher) else {
                            _ = try await service.run("grant select on sealed_credentials to public")
                            let seal: SQL = "select sealed as value from sealed_credentials"
                            return #expect(try await service.value(seal, as: String.self) == "the seal")
                        }
                        for statement in Self.seals {
                            #expect(await service.isForbidden(statement), "\(role): \(statement.text)")
                        }
                    }
                    let ofProjects = try await installation.as(role.name) { service in
                        await service.isForbidden("select sealed from project_credentials")
                    }
                    #expect(ofProjects == (role != .service(.planner)))
                }
                let pusher = try await installation.as("automata_pusher") { pusher in
                    await pusher.isForbidden("insert into sealed_credentials select workflow_id, 'x' from tasks")
                }
                #expect(pusher)
            }
        }
    }

    @Test func `the seal reaches the stages that open it, and no other`() async throws {
        try await Installation.with { installation in
            let id = try await installation.as("automata_planner") { planner in
                let id = try await planner.submit("t1") { $0.repository.credentials = .sealed("the seal") }
                let run = try await planner.claim()
                #expect(run.request.repository.credentials == .sealed("the seal"))
                let known = try await planner.store.workflow(try address("t1"), withSeal: true)
                #expect(known?.request.repository.credentials == .sealed("the seal"))
                _ = try await planner.store.finish(run.claim)
                return id
            }
            try await installation.as("automata_coder") { coder in
                let run = try await coder.claim(.implementation)
                #expect(run.request.repository.credentials == .sealed(""))
                _ = try await coder.store.finish(run.claim)
                await #expect(throws: DatabaseError.self) {
                    try await coder.store.claim(.push, owner: coder.owner, lease: lease)
                }
            }
            try await installation.as("automata_validator") { validator in
                let run = try await validator.claim(.validation)
                _ = try await validator.store.finish(run.claim, output: evidence(id))
            }
            try await installation.as("automata_pusher") { pusher in
                let run = try await pusher.claim(.push)
                #expect(run.request.repository.credentials == .sealed("the seal"))
                _ = try await pusher.store.finish(run.claim)
            }
            try await installation.as("postgres") { owner async throws in
                let everything: SQL = """
                    select concat((select json_agg(t) from tasks t), (select json_agg(o) from outbox o),
                        (select json_agg(w) from webhook_messages w), (select json_agg(a) from task_activities a)) as value
                    """
                #expect(try await owner.value(everything, as: String.self)?.contains("the seal") == false)
            }
        }
    }

    @Test func `people read the tasks of their companies and nothing else`() async throws {
        try await Installation.with { installation in
            try await installation.as("postgres") { owner in
                for company in ["acme", "other"] {
                    try await owner.submit("t1", company: company) { $0.repository.credentials = .sealed("the seal") }
                    let ended = try await owner.submit("t2", company: company)
                    _ = try await owner.store.end(workflow: ended, as: .stuck)
                }
                for company in ["acme", "other", "-"] {
                    let place = CataloguePlace(company: try #require(CompanyID(company)))
                    _ = try await owner.store.define(CatalogueObject(LimitsSpec(maxRunning: 9), at: place))
                }
                try await owner.pool.withConnection { connection in
                    try connection.execute(
                        script: """
                            create role ada login; create role bob login; grant automata_reader to ada, bob;
                            insert into readers values ('ada', 'acme')
                            """)
                }
            }
            try await installation.as("ada") { ada in
                let companies: [String] = try await ada.values("select company_id as value from tasks")
                #expect(companies == ["acme", "acme"])
                #expect(try await ada.values("select company_id as value from catalogue") == ["acme"])
                let tasks = try await ada.store.page(QueryRequest("tasks"), in: .platform)
                #expect(tasks?.items.map { $0["company_id"] } == ["acme", "acme"])
                // What an endpoint answered is not for all who may read tasks.
                let kinds: [String] = try await ada.values("select distinct kind as value from stage_runs")
                #expect(kinds == ["plan"])
                let told: SQL = "select company_id as value from task_activities where task_id = 't1'"
                #expect(Set(try await ada.values(told, as: String.self)) == ["acme"])
                #expect(try await ada.values("select company as value from readers", as: String.self) == ["acme"])
                let hidden = [
                    "sealed_credentials", "journal", "checkpoints", "outbox", "rejected_submissions",
                    "webhook_messages", "webhook_attempts", "webhook_endpoints", "steering", "broker_state",
                    "project_credentials", "duties", "schema_migrations", "replicas", "pauses", "reports",
                    "run_failures", "model_failures",
                ]
                for table in hidden {
                    #expect(await ada.isForbidden("select from \(identifier: table)"), "\(table)")
                }
                for statement in Self.forbidden + Self.seals {
                    #expect(await ada.isForbidden(statement), "\(statement.text)")
                }
                let writes: [SQL] = [
                    "update tasks set branch_name = 'x'", "delete from tasks", "delete from task_activities",
                    "update readers set company = 'other'", "insert into readers values ('ada', 'other')",
                    "select from tasks for update", "set role automata_planner", "set role bob",
                    // Services wait for such locks.
                    "select pg_advisory_lock(1)", "select pg_advisory_xact_lock(1, 2)",
                    "select pg_try_advisory_lock(1)",
                    "select pg_advisory_lock_shared(1)", "select pg_try_advisory_xact_lock(1)",
                ]
                for statement in writes { #expect(await ada.isForbidden(statement), "\(statement.text)") }
                let around = try await ada.pool.withConnection { connection in
                    try connection.execute("set row_security = off")
                    return Result { try connection.execute("select from tasks").count }
                }
                #expect(throws: DatabaseError.self) { try around.get() }
            }
            try await installation.as("bob") { bob async throws in
                #expect(try await bob.store.page(QueryRequest("tasks"), in: .platform)?.items == [])
                #expect(try await bob.values("select role as value from readers", as: String.self).isEmpty)
            }
        }
    }
}
