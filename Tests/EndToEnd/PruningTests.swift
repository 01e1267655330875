import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import TaskStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct PruningTests {
    /// A message that cannot be removed, and a task that ended long ago.
    private static let leftovers = """
        create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
        create trigger refuse before delete on outbox for each row execute function refuse();
        insert into outbox (event_id, subject, payload, published_at)
            values (gen_random_uuid(), 'a.b', '{}', now() - interval '60 days');
        insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, content_hash, priority, status,
            stage, result, timeout_seconds, deadline_at, finished_at)
        values (gen_random_uuid(), 'acme', 'shop', 'old', repeat('a', 32), '{"task": {"id": "old"}}', 'h', 5, 'stuck',
            'plan', '{"status": "stuck"}', 60, now(), now() - interval '60 days');
        """

    @Test func `what cannot be removed keeps nothing else`() async throws {
        let url = try await PostgresServer.shared().createDatabase()
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 1))
        try await TaskStore.migrate(pool)
        try await pool.withConnection { try $0.execute(script: Self.leftovers) }
        try await pool.close()
        var settings = PlatformSettings(roles: [])
        settings.kinds = [.notifier]
        settings.databaseURL = url
        try await Platform.with(settings) { platform in
            try await eventually("the history of the old task is removed") {
                try await platform.rows("select 1 from tasks where work_removed_at is not null").count == 1
            }
            #expect(try await platform.rows("select 1 from outbox").count == 1)
        }
    }
}
