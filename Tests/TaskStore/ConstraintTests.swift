import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct ConstraintTests {
    private static let bad: [SQL] = [
        "update tasks set status = 'completed'",
        "update tasks set status = 'nonsense'",
        "update tasks set stage = 'Non-sense'",
        "update tasks set flow = null",
        "update tasks set finished_at = now()",
        "update tasks set result = '{}'",
        "update tasks set status = 'internal_error', finished_at = now(), result = '{\"status\": \"completed\"}'",
        "update tasks set status = 'completed', finished_at = now(), result = '{\"status\": \"completed\"}'",
        "update tasks set status = 'paused'",
        "update tasks set paused_at = now()",
        "update tasks set cancel_requested = true",
        "update tasks set pause_requested = true",
        "update tasks set status = 'running', started_at = null",
        "update tasks set last_seq = 0",
        "update tasks set round = -1",
        "update tasks set priority = 11",
        "update tasks set cost_usd = -1",
        "update tasks set head_commit = 'HEAD'",
        "update tasks set head_commit = repeat('a', 40)",
        "update tasks set company_id = 'a b'",
        "update tasks set task_id = 'other'",
        "update stage_runs set state = 'leased'",
        "update stage_runs set owner = gen_random_uuid()",
        "update stage_runs set state = 'leased', owner = gen_random_uuid(), lease_until = now(), epoch = 0",
        "update stage_runs set state = 'done'",
        "update stage_runs set finished_at = now()",
        "update stage_runs set epoch = epoch - 1",
        "update stage_runs set state = 'lost'",
        "update stage_runs set kind = 'a.b'",
        """
        insert into stage_runs (workflow_id, stage, kind, round, generation, state, company_id, rank)
            select workflow_id, 'push', 'push', 0, 0, 'ready', 'acme', now() from tasks
        """,
        "update outbox set stream_sequence = 1",
        "update outbox set seq = 2",
        "update outbox set subject = 'a b'",
        "insert into outbox (event_id, subject, payload) values (gen_random_uuid(), 'a.*', '')",
        "insert into outbox (event_id, workflow_id, seq, subject, payload) select gen_random_uuid(), workflow_id, 1, 'a', '' from tasks",
        "update task_activities set activity_type = 'other'",
        """
        insert into journal (run_id, step, kind, name, request_hash, state, epoch)
            select id, 1, 'k', 'n', 'h', 'done', 1 from stage_runs
        """,
        """
        insert into journal (run_id, step, kind, name, request_hash, state, epoch)
            select max(id) + 1, 1, 'k', 'n', 'h', 'intent', 1 from stage_runs
        """,
        """
        insert into stage_runs
            (workflow_id, stage, kind, round, generation, state, company_id, rank, epoch, finished_at)
            select workflow_id, stage, kind, round, generation, 'done', company_id, rank, epoch, now() from stage_runs
        """,
        """
        insert into dependencies (workflow_id, company_id, project_id, task_id, depends_on)
            select workflow_id, 'acme', 'web', 't1', 't1' from tasks
        """,
    ]

    @Test func `the database refuses every state that cannot be`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            _ = try await fixture.store.release(run.claim)
            for statement in Self.bad {
                await #expect(throws: DatabaseError.self, "\(statement.text)") {
                    try await fixture.run(statement)
                }
            }
        }
    }

    private static let badDeliveries: [SQL] = [
        "update stage_runs set slot = 'step' where kind = 'webhook'",
        "update stage_runs set kind = 'webhook' where slot = 'step'",
        "update stage_runs set kind = 'push' where kind = 'webhook'",
        "update stage_runs set endpoint = null where kind = 'webhook'",
        "update stage_runs set stage = 'push', round = 0, generation = 0 where kind = 'webhook'",
        "update stage_runs set stage = null where slot = 'step'",
        "update stage_runs set output = '{}' where kind = 'webhook'",
        "update stage_runs set state = 'held' where kind = 'webhook'",
        "update stage_runs set state = 'dead', finished_at = now() where slot = 'step'",
        "update stage_runs set epoch = epoch - 1 where kind = 'webhook'",
        """
        insert into stage_runs (workflow_id, slot, kind, state, company_id, rank, endpoint)
            select workflow_id, slot, kind, 'ready', company_id, rank, endpoint from stage_runs where kind = 'webhook'
        """,
    ]

    @Test func `a delivery is no step, and a message has one`() async throws {
        try await withStore { fixture in
            _ = try await fixture.store.end(workflow: try await fixture.submit("t1"), as: .stuck)
            _ = try await fixture.store.control(try address("t1"), .retry)
            let taken = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
            let attempt = WebhookAttempt(statusCode: 500, error: nil, durationMilliseconds: 1)
            try await fixture.store.recordAttempt(
                try #require(taken.first), .retry(after: .zero), attempt, endpoint: nil)
            for statement in Self.badDeliveries {
                await #expect(throws: DatabaseError.self, "\(statement.text)") {
                    try await fixture.run(statement)
                }
            }
        }
    }

    @Test func `what is done does not change`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            let step = JournalStep(step: 1, kind: .toolCall, name: "n", requestHash: "h", result: 1)
            _ = try await fixture.store.recordStep(run.claim, step)
            _ = try await fixture.store.end(run.claim, as: .stuck)
            let changes: [SQL] = [
                "update journal set result = '2'",
                "update stage_runs set last_error = 'other'",
                "update tasks set status = 'skipped', result = jsonb_set(result, '{status}', '\"skipped\"')",
                "update tasks set status = 'queued', finished_at = null, result = null",
            ]
            for statement in changes {
                await #expect(throws: DatabaseError.self, "\(statement.text)") { try await fixture.run(statement) }
            }
        }
    }

    @Test func `nothing completes without evidence`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let error = try await storeError { _ = try await fixture.store.end(run.claim, as: .completed) }
            #expect(error == .completedWithoutEvidence)
            #expect(try await fixture.status(run.key.workflowID) == .running)
        }
    }
}
