import Contracts
import Database
import Flows
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// What was recorded before runs had ids is gone on with.
@Suite(.timeLimit(.minutes(2))) struct RunIDTests {
    private static let before = Migration.all.filter { $0.version < Migration.runIDs.version }
    private let owner = UUID()

    /// Lends a database as the version before left it: a task is queued, one runs, one is stuck.
    private func withRecord(_ body: (Fixture) async throws -> Void) async throws {
        try await withEmptyDatabase { pool in
            try await TaskStore.migrate(pool, with: Self.before)
            let fixture = Fixture(store: TaskStore(pool: pool), pool: pool)
            for status in ["queued", "running", "stuck"] { try await record(status, fixture) }
            try await body(fixture)
        }
    }

    private func record(_ status: String, _ fixture: Fixture) async throws {
        let (id, request) = (UUID.v7(), request(try address(status)))
        let (isQueued, isStuck) = (status == "queued", status == "stuck")
        let result: JSONValue? = isStuck ? ["status": "stuck"] : nil
        try await fixture.run(
            """
            insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, flow, content_hash,
                priority, status, stage, timeout_seconds, started_at, deadline_at, finished_at, result)
            values (\(id), 'acme', 'web', \(status), repeat('a', 32), \(request.json),
                \(try JSONValue(encoding: Flow.task(for: request))), 'h', 5, \(status),
                \(isQueued ? "plan" : "implementation"), 86400, now(), now() + interval '1 day',
                case when \(isStuck) then now() end, \(nullable: result))
            """)
        try await fixture.run(
            """
            insert into stage_runs (workflow_id, stage, kind, round, generation, state, company_id, rank, owner, epoch,
                lease_until, finished_at)
            select \(id), stage, stage, 0, 0, state, 'acme', now(), case state when 'leased' then \(owner) end, 1,
                case state when 'leased' then now() + interval '1 hour' end, case state when 'done' then now() end
            from (values ('plan', case when \(isQueued) then 'ready' else 'done' end),
                ('implementation', case when \(isStuck) then 'done' else 'leased' end)) runs (stage, state)
            where not \(isQueued) or stage = 'plan'
            """)
        if !isQueued { try await work(of: id, fixture) }
    }

    /// A step that is done, one that is begun, and a checkpoint.
    private func work(of id: UUID, _ fixture: Fixture) async throws {
        try await fixture.run(
            """
            insert into journal (workflow_id, stage, round, generation, step, kind, name, request_hash, state, result,
                epoch, finished_at)
            values (\(id), 'implementation', 0, 0, 0, 'tool_call', 'n', 'h', 'done', '1', 1, now()),
                (\(id), 'implementation', 0, 0, 1, 'model_call', 'm', 'g', 'intent', null, 1, null)
            """)
        try await fixture.run(
            """
            insert into checkpoints (workflow_id, ordinal, stage, round, generation, step, commit, tree, base, pack)
            values (\(id), 1, 'implementation', 0, 0, 0, \(commits[1]), \(commits[2]), \(commits[0]), '\\x01')
            """)
    }

    @Test func `a run that another replica held is gone on with`() async throws {
        try await withRecord { fixture in
            try await TaskStore.migrate(fixture.pool)
            let run = try await fixture.claim(.implementation)
            #expect(run.record.address == (try address("running")) && run.claim.epoch == 2)
            #expect(run.history.hasJournal && run.history.checkpoints.map(\.commit) == [commits[1]])
            let journal = try await fixture.store.journal(of: run.key)
            #expect(journal.map(\.name) == ["n", "m"] && journal.map(\.result) == [1, nil])
            #expect(try await fixture.store.pack(of: run.history.checkpoints[0], in: run.key.workflowID) == Data([1]))
            for name in ["n", "m"] {
                let step = JournalStep(
                    step: name == "n" ? 0 : 1, kind: .modelCall, name: name, requestHash: name == "n" ? "h" : "g",
                    result: 1)
                _ = try await fixture.store.recordStep(run.claim, step)
            }
            #expect(try await fixture.store.journal(of: run.key).map(\.epoch) == [1, 2])
        }
    }

    @Test func `a replica of the version before loses what it holds`() async throws {
        try await withRecord { fixture in
            try await TaskStore.migrate(fixture.pool)
            let left: Int? = try await fixture.value(
                "select count(*) as value from stage_runs where owner = \(owner) or lease_until > now()")
            #expect(left == 0)
            // What its claim asks of the journal.
            await #expect(throws: DatabaseError.self) {
                try await fixture.run("select from journal r where r.workflow_id = \(UUID())")
            }
        }
    }

    @Test func `what was queued, running and stuck is finished`() async throws {
        try await withRecord { fixture in
            try await TaskStore.migrate(fixture.pool)
            let steps = try await fixture.store.page(QueryRequest("transcript"), in: .task(address("stuck")))
            #expect(steps?.items.map { $0["name"] } == ["m", "n"])
            #expect(steps?.items.map { $0["stage"] } == ["implementation", "implementation"])
            _ = try await fixture.store.control(address("stuck"), .retry)
            try await fixture.finishAll()
            let ends: [String] = try await fixture.values("select status as value from tasks")
            #expect(ends == ["completed", "completed", "completed"])
        }
    }

    @Test func `transactions under way are waited for`() async throws {
        try await withRecord { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await fixture.pool.transaction { connection in
                        try connection.execute("select from tasks for update")
                        try connection.execute(script: Self.untilWaitedFor)
                        try connection.execute("update tasks set branch_name = 'feat/' || task_id")
                    }
                }
                group.addTask {
                    try await eventually("a row is locked") {
                        try await fixture.value(
                            """
                            select count(*) as value from pg_locks where relation = 'tasks'::regclass and granted
                                and database = (select oid from pg_database where datname = current_database())
                            """,
                            as: Int.self) ?? 0 > 0
                    }
                    try await TaskStore.migrate(fixture.pool)
                }
                try await group.waitForAll()
            }
            #expect(try await fixture.value("select count(branch_name) as value from tasks") == 3)
            #expect(try await fixture.value("select max(version) as value from schema_migrations") == Self.newest)
        }
    }

    private static let newest = Migration.all.last?.version

    /// Ends once the migration has found the tables in use.
    private static let untilWaitedFor = """
        do $$ begin
            for attempt in 1..3000 loop
                perform pg_stat_clear_snapshot();
                exit when exists (select from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and wait_event = 'PgSleep');
                perform pg_sleep(0.01);
            end loop;
        end $$
        """
}
