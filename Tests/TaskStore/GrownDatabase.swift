import Database
import Foundation
import Foundations
import TestSupport

@testable import TaskStore

/// A database in which many tasks have ended, on a server that logs the plan of every statement as it was executed.
struct GrownDatabase {
    /// What a plan did with a table or an index.
    struct Scan {
        let statement: String
        let node: String
        /// The rows that it looked at.
        let rows: Double
    }

    let server: PostgresServer
    let url: String

    /// - Parameter tasks: How many tasks have ended.
    static func make(tasks: Int) async throws -> GrownDatabase {
        let server = try await PostgresServer.start(settings: [
            "shared_preload_libraries": "auto_explain", "auto_explain.log_analyze": "on",
            "auto_explain.log_timing": "off", "auto_explain.log_format": "json", "fsync": "off",
            "max_wal_size": "4GB", "maintenance_work_mem": "256MB", "autovacuum": "off",
        ])
        let database = GrownDatabase(server: server, url: try await server.createDatabase())
        var configuration = DatabaseConfiguration(url: Secret(database.url), size: 1)
        configuration.statementTimeout = .seconds(1200)
        let pool = ConnectionPool(configuration)
        try await TaskStore.migrate(pool)
        try await pool.withConnection { connection in
            try connection.execute("select set_config('test.tasks', \(String(tasks)), false)")
            try connection.execute(script: fill)
            try connection.execute("vacuum analyze")
            try connection.execute(script: explain)
        }
        try await pool.close()
        return database
    }

    /// A store on it, as a service has one.
    ///
    /// - Parameter generic: Plans are made without a look at the values, as they are after some executions.
    func withStore(generic: Bool, _ body: (Fixture) async throws -> Void) async throws {
        let options = generic ? "?options=-c%20plan_cache_mode%3Dforce_generic_plan" : ""
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url + options), size: 2))
        let result: Result<Void, any Error>
        do { result = .success(try await body(Fixture(store: TaskStore(pool: pool), pool: pool))) } catch {
            result = .failure(error)
        }
        try await pool.close()
        try result.get()
    }

    /// Every scan of every statement that was executed since the database was filled.
    func scans() throws -> [Scan] {
        var scans: [Scan] = []
        for plan in try plans() {
            let statement = plan["Query Text"] as? String ?? ""
            if let root = plan["Plan"] as? [String: Any] { Self.collect(root, of: statement, into: &scans) }
        }
        return scans
    }

    private static func collect(_ node: [String: Any], of statement: String, into scans: inout [Scan]) {
        let target = node["Relation Name"] ?? node["Index Name"]
        if let target, node["Node Type"] as? String != "ModifyTable" {
            let loops = node["Actual Loops"] as? Double ?? 0
            let counts = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"]
            let rows = counts.reduce(0) { $0 + (node[$1] as? Double ?? 0) } * loops
            scans.append(Scan(statement: statement, node: "\(node["Node Type"] ?? "") of \(target)", rows: rows))
        }
        for child in node["Plans"] as? [[String: Any]] ?? [] { collect(child, of: statement, into: &scans) }
    }

    /// The server writes `… plan:` and then JSON, each line of it behind a tab.
    private func plans() throws -> [[String: Any]] {
        let log = try String(contentsOfFile: server.log, encoding: .utf8)
        var plans: [[String: Any]] = []
        var lines: [Substring] = []
        for line in log.split(separator: "\n") + ["end"] as [Substring] {
            if line.hasPrefix("\t") {
                lines.append(line)
                continue
            }
            let data = Data(lines.joined(separator: "\n").utf8)
            if let plan = try? JSONSerialization.jsonObject(with: data) as? [String: Any] { plans.append(plan) }
            lines = []
        }
        return plans
    }

    private static let explain = """
        do $$ begin
            execute format('alter database %I set auto_explain.log_min_duration = 0', current_database());
        end $$
        """

    /// Of each task what is left of it: three runs, one of them the delivery of its webhook, a step, two messages and
    /// activities; of some
    /// also a checkpoint, steering that was taken, a dependency, a discovery; and as many submissions were refused.
    private static let fill = """
        set session_replication_role = replica;
        create temporary view numbers as
            select n, md5('task ' || n)::uuid as id, 'company-' || n % 40 as company, 'project-' || n % 7 as project,
                'task-' || n as task, now() - interval '40 days' + n * interval '1 second' as at
            from generate_series(1, current_setting('test.tasks')::int) n;
        insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, content_hash, priority,
            status, stage, branch_name, result, timeout_seconds, created_at, started_at, deadline_at, finished_at)
        select id, company, project, task, md5(task), jsonb_build_object(
                'task', jsonb_build_object('id', task, 'title', 'Mend it'), 'repository', jsonb_build_object(
                    'remote_url', 'https://example.org/' || n % 100, 'credentials', '{"credential_type": "none"}'::jsonb)),
            md5(task), 5, status, 'implementation', 'feat/' || n, jsonb_build_object('status', status), 86400, at, at,
            at + interval '1 day', at + interval '1 hour'
        from numbers, lateral (select case when n % 1000 = 0 then 'stuck' else 'completed_no_changes' end as status) s;
        insert into task_tags select id, tag, company, project, at
        from numbers, unnest(array['urgent', 'tag-' || n % 9]) tag;
        insert into sealed_credentials select id, 'seal' from numbers;
        insert into stage_runs (workflow_id, stage, kind, round, generation, state, company_id, rank, epoch, run_at,
            attempts, announced_at, finished_at)
        select id, stage, stage, 0, 0, 'done', company, at, 1, at, 1, at, at
        from numbers, unnest(array['plan', 'implementation']) stage;
        insert into journal (run_id, step, kind, name, request_hash, state, result, epoch, started_at, finished_at)
        select id, 0, 'tool_call', 'n', 'h', 'done', '1', 1, finished_at, finished_at
        from stage_runs where stage = 'implementation';
        insert into journal (run_id, step, kind, name, request_hash, state, result, epoch, started_at, finished_at, model,
            prompt_tokens, completion_tokens, cost_usd)
        select r.id, 1, 'model_call', 'turn', 'h', 'done', '{}', 1, at, at, 'model-' || n % 7, 1000, 100, 0.01
        from numbers join stage_runs r on workflow_id = numbers.id and stage = 'implementation' where n % 3 = 0;
        insert into outbox (event_id, workflow_id, seq, subject, payload, created_at, published_at, stream_sequence)
        select md5(n || ' event ' || seq)::uuid, id, seq, 'a.b', '{}', at, at, n * 2 + seq
        from numbers, generate_series(1, 2) seq;
        insert into task_activities (id, task_id, workflow_id, company_id, project_id, activity_type, message, timestamp,
            seq, notification_type, emitted_at)
        select md5(n || ' activity ' || seq)::uuid, task, id, company, project, 'progress', 'm', at,
            seq, case seq when 1 then 'workflow_started' else 'changes_pushed' end, at
        from numbers, generate_series(1, 2) seq;
        insert into webhook_messages (id, workflow_id, company_id, url, payload, created_at)
        select task, id, company, 'https://example.org/' || n % 100, '{}', at from numbers;
        insert into stage_runs (workflow_id, slot, kind, state, company_id, rank, endpoint, epoch, run_at, attempts,
            created_at, finished_at)
        select workflow_id, id, 'webhook', 'done', company_id, created_at, endpoint, 1, created_at, 1, created_at,
            created_at
        from webhook_messages;
        insert into webhook_attempts (message_id, status_code, duration_ms) select task, 200, 1 from numbers;
        insert into rejected_submissions (id, deduplication_key, subject, company_id, project_id, task_id, excerpt, code,
            field, reason, created_at)
        select md5('rejection ' || n)::uuid, task, 's', company, project, 'refused-' || n, 'e', 'c', 'f', 'r', at
        from numbers;
        insert into steering (workflow_id, message, taken_at) select id, 'm', at from numbers where n % 2 = 0;
        insert into dependencies select id, company, project, task, 'task-' || n - 280 from numbers where n > 280;
        insert into discoveries (id, workflow_id, company_id, project_id, content, created_at)
        select md5('discovery ' || n)::uuid, id, company, project, 'c', at from numbers where n % 9 = 0;
        insert into checkpoints (workflow_id, ordinal, run_id, step, commit, tree, base, pack)
        select workflow_id, 1, r.id, 0, repeat('a', 40), repeat('b', 40), repeat('c', 40), '\\x00'
        from numbers join stage_runs r on workflow_id = numbers.id and stage = 'implementation' where n % 10 = 0;
        insert into execution_logs (timestamp, recorded_at, level, service, replica, message, workflow_id, company_id,
            project_id, task_id)
        select at, at, case when n % 500 = 0 then 'warning' else 'info' end,
            (array['planner', 'coder', 'validator', 'pusher', 'notifier', 'webhook-bridge'])[1 + n % 6], 'coder-1', 'm', id,
            company, project, task
        from numbers;
        insert into run_failures (run_id, company_id, owner, kind, error, ended, at)
        select r.id, company, md5('owner ' || n % 10)::uuid, 'implementation', 'e', false, at
        from numbers join stage_runs r on workflow_id = numbers.id and stage = 'implementation' where n % 10 = 0;
        insert into model_failures (model, code, error, at)
        select 'model-' || n % 7, 'model_unavailable', 'e', at from numbers where n % 10 = 0;
        insert into reports (id, company_id, since, until, markdown, figures, created_by, created_at)
        select md5('report ' || n)::uuid, case when n % 2 = 0 then '*' else company end, at, now(), 'm', '{}', 'schedule', at
        from numbers where n <= 200;
        insert into pauses (id, company_id, standing, paused_by, paused_at, resumed_by, resumed_at)
        select md5('pause ' || n)::uuid, case when n % 2 = 0 then '*' else company end, 'going', 'ann', at, 'ann', at
        from numbers where n <= 60;
        set session_replication_role = origin;
        """
}
