import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// What was recorded before deliveries were runs is gone on with.
@Suite(.timeLimit(.minutes(2))) struct DeliveryMigrationTests {
    private static let before = Migration.all.filter { $0.version < Migration.deliveries.version }
    private let owner = UUID()

    /// Lends a database as the version before left it: tasks that ended, and a message of each state.
    private func withRecord(_ body: (Fixture) async throws -> Void) async throws {
        try await withEmptyDatabase { pool in
            try await TaskStore.migrate(pool, with: Self.before)
            let fixture = Fixture(store: TaskStore(pool: pool), pool: pool)
            for (number, state) in ["due", "later", "held", "delivered", "dead", "disabled"].enumerated() {
                try await record(state, number, fixture)
            }
            try await body(fixture)
        }
    }

    private func record(_ state: String, _ number: Int, _ fixture: Fixture) async throws {
        let (id, request) = (UUID.v7(), request(try address(state)))
        let isOpen = number < 3
        try await fixture.run(
            """
            insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, content_hash, priority,
                status, stage, timeout_seconds, started_at, deadline_at, finished_at, result)
            values (\(id), 'acme', 'web', \(state), repeat('a', 32), \(request.json), 'h', 5, 'completed_no_changes',
                'validation', 86400, now(), now() + interval '1 day', now(), '{"status": "completed_no_changes"}')
            """)
        try await fixture.run(
            """
            insert into stage_runs (workflow_id, stage, kind, round, generation, state, company_id, rank, epoch,
                finished_at)
            values (\(id), 'validation', 'validation', 0, 0, 'done', 'acme', now(), 1, now())
            """)
        try await fixture.run(
            """
            insert into webhook_messages (id, workflow_id, company_id, url, payload, state, attempts, next_attempt_at,
                first_attempt_at, owner, epoch, lease_until, finished_at)
            values (\("m\(number)"), \(id), case \(number) when 0 then '' else 'acme' end, \("https://\(state).example"),
                \(state), case when \(isOpen) then 'pending' else \(state) end, \(number),
                now() + case when \(state) = 'later' then interval '1 hour' else interval '0' end,
                now() - interval '1 day', case when \(state) = 'held' then \(owner) end, 3,
                case when \(state) = 'held' then now() + interval '1 hour' end, case when not \(isOpen) then now() end)
            """)
        for attempt in 0..<number {
            try await fixture.run(
                """
                insert into webhook_attempts (message_id, at, error, duration_ms)
                values (\("m\(number)"), now() - interval '1 day' + \(attempt) * interval '1 hour', 'down', 1)
                """)
        }
    }

    @Test func `what was pending is delivered, and what a bridge of the version before had in hand at once`()
        async throws
    {
        try await withRecord { fixture in
            try await TaskStore.migrate(fixture.pool)
            let taken = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
                .sorted { $0.id < $1.id }
            #expect(taken.map(\.id) == ["m0", "m2"])
            #expect(taken.map(\.company.text) == ["acme", "acme"])
            #expect(taken.map(\.attempts) == [0, 2])
            #expect(taken.map(\.lease.epoch) == [4, 4])
            #expect(taken.map(\.payload) == [Data("due".utf8), Data("held".utf8)])
            #expect(taken[0].sinceFirstAttempt == .zero)
            #expect(abs(taken[1].sinceFirstAttempt.seconds - 86_400) < 60)
        }
    }

    @Test func `each message keeps its state, and can be sent again`() async throws {
        try await withRecord { fixture in
            try await TaskStore.migrate(fixture.pool)
            let listed = try await fixture.store.page(QueryRequest("webhooks"), in: .platform)?.items ?? []
            #expect(listed.map { $0["webhook_id"] } == ["m5", "m4", "m3", "m2", "m1", "m0"])
            #expect(
                listed.map { $0["status"] }
                    == ["disabled", "dead", "delivered", "pending", "pending", "pending"])
            #expect(listed.map { $0["last_error"] } == ["down", "down", .null, "down", "down", .null])
            #expect(listed.map { $0["attempts"] } == [5, 4, 3, 2, 1, 0])
            for (id, task) in [("m3", "delivered"), ("m4", "dead"), ("m5", "disabled"), ("m1", "later")] {
                let outcome = try await fixture.store.control(try address(task), .replayWebhook(id: id))
                guard case .accepted = outcome else { return #expect(Bool(false), "\(outcome)") }
            }
            let taken = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
            #expect(taken.count == 6)
        }
    }

    /// What such a replica sends.
    private static let ofBridge: [SQL] = [
        "select company_id from webhook_messages where state = 'pending' order by company_id limit 1",
        "update webhook_messages set lease_until = now() + interval '1 hour' where state = 'pending'",
        "update webhook_messages set state = 'delivered', finished_at = now(), owner = null where id = 'm2'",
    ]

    @Test func `a bridge of the version before claims and records nothing, and what others end is delivered`()
        async throws
    {
        try await withRecord { fixture in
            try await TaskStore.migrate(fixture.pool)
            for statement in Self.ofBridge {
                await #expect(throws: DatabaseError.self, "\(statement.text)") { try await fixture.run(statement) }
            }
            try await fixture.run(
                """
                insert into webhook_messages (id, workflow_id, company_id, url, payload)
                select 'm9', workflow_id, company_id, 'https://new.example', '{}' from tasks where task_id = 'due'
                """)
            let taken = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
            #expect(taken.map(\.id).sorted() == ["m0", "m2", "m9"])
            try await fixture.run("delete from webhook_messages where id = 'm9'")
            let left: Int? = try await fixture.value("select count(*) as value from stage_runs where slot = 'm9'")
            #expect(left == 0)
        }
    }
}
