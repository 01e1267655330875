import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// What each service may write: all that it does, and nothing else. ``AccessTests`` try what no service may.
@Suite(.timeLimit(.minutes(3))) struct ServiceRightsTests {
    private func `as`<T: Sendable>(
        _ service: ServiceKind, in installation: Installation, _ body: (Fixture) async throws -> T
    ) async throws -> T {
        try await installation.as(service.databaseRole, settlesOthers: service.row.keepsWorkflows, body)
    }

    @Test func `planner, notifier, webhook bridge, gateway and owner may do all that they do`() async throws {
        try await Installation.with { installation in
            try await installation.as("postgres") { owner in
                try await `as`(.planner, in: installation) { planner in
                    try await `as`(.notifier, in: installation) { notifier in
                        try await `as`(.webhookBridge, in: installation) { bridge in
                            try await `as`(.gateway, in: installation) { gateway in
                                let every = EveryOperation(
                                    fixture: planner, label: "roles",
                                    others: [.notifier: notifier, .webhookBridge: bridge, .gateway: gateway],
                                    owner: owner)
                                try await every.perform()
                            }
                        }
                        let later = Date() + 86_400
                        #expect(try await notifier.store.pruneHistory(before: later, limit: 100) > 0)
                        #expect(try await notifier.store.pruneOutbox(before: later) > 0)
                        #expect(try await notifier.store.pruneRejections(before: later) > 0)
                        #expect(try await notifier.store.pruneLogs(before: later) > 0)
                        #expect(try await notifier.store.pruneFailures(before: later) > 0)
                        #expect(try await notifier.store.pruneModelFailures(before: later) > 0)
                        _ = try await notifier.store.prunePauses(before: later)
                        _ = try await notifier.store.pruneReplicas(before: later)
                    }
                }
            }
        }
    }

    /// Everything that is done with a run, but for its end.
    private func work(_ kind: StepKind, _ service: Fixture, marker: Int) async throws -> StageRun {
        let store = service.store
        var run = try await service.claim(kind)
        _ = try await store.heartbeat(run.claim, lease: lease)
        try await store.recordIntent(
            run.claim, step: 0, kind: .toolCall, name: "n", requestHash: "h", lease: lease)
        let checkpoint = Checkpoint(
            commit: commits[marker], tree: commits[marker + 1], base: commits[marker - 1], pack: Data([1]))
        let step = JournalStep(step: 0, kind: .toolCall, name: "n", requestHash: "h", result: 1, checkpoint: checkpoint)
        let discovery = try EventDraft(DiscoveryRecorded(content: "c", tags: []))
        let messages = try await store.recordStep(run.claim, step, events: [discovery])
        let later = JournalStep(step: 1, kind: .toolCall, name: "n", requestHash: "h", result: 1)
        try await store.recordIntent(
            run.claim, step: 2, kind: .toolCall, name: "n", requestHash: "h", lease: lease,
            after: [RunRecord(later, events: [discovery])])
        _ = try await store.steering(run.claim)
        try await store.markPublished(messages.map { PublishedMessage(id: $0.id, streamSequence: nil) })
        _ = try await store.emit(run.claim, [discovery], changes: WorkflowChanges(usage: Usage(llmCalls: 1)))
        _ = try await store.release(run.claim, error: "e")
        _ = try await store.needsPermit(kind, of: run.key.workflowID)
        run = try await service.claim(kind)
        _ = try await store.beginAfresh(run.claim, because: "r")
        return try await service.claim(kind)
    }

    @Test func `coder, validator and pusher may do all that a task needs of them, and a notifier lets others begin`()
        async throws
    {
        try await Installation.with { installation in
            let (id, waiting) = try await `as`(.planner, in: installation) { planner in
                let id = try await planner.submit("first")
                let waiting = try await planner.submit("second", dependencies: ["first"])
                _ = try await planner.store.finish(try await planner.claim().claim)
                _ = try await planner.store.control(try address("first"), .steer(message: "m"))
                return (id, waiting)
            }
            let own: [(ServiceKind, StepKind)] = [
                (.coder, .implementation), (.validator, .validation), (.pusher, .push),
            ]
            for (place, (service, kind)) in own.enumerated() {
                try await `as`(service, in: installation) { fixture in
                    let run = try await work(kind, fixture, marker: 1 + 2 * place)
                    _ = try await fixture.store.finish(
                        run.claim, output: kind == .validation ? evidence(run.key.workflowID) : nil)
                }
            }
            try await `as`(.notifier, in: installation) { notifier in
                #expect(try await notifier.status(id) == .ended(.completed))
                let state: SQL = "select state as value from stage_runs where workflow_id = \(waiting)"
                #expect(try await notifier.value(state) == "held")
                _ = try await notifier.store.settleTold()
                #expect(try await notifier.value(state) == "ready")
            }
        }
    }

    @Test(arguments: [ServiceKind.coder, .validator, .pusher])
    func `who fails a task tells those that wait for it, and a notifier ends them, to any depth`(
        _ service: ServiceKind
    ) async throws {
        let kind = try #require(service.row.kinds.first)
        try await Installation.with { installation in
            let ids = try await installation.as("postgres") { owner in
                let run = try await owner.reach(Stage(validated: kind.rawValue), "first")
                _ = try await owner.store.release(run.claim)
                var ids: [UUID] = []
                for (task, before) in [("second", "first"), ("third", "second")] {
                    ids.append(try await owner.submit(task, dependencies: [before]))
                }
                // It has a child whose end it was told.
                try await owner.run("update tasks set children = 1 where task_id = 'first'")
                try await owner.run(
                    """
                    insert into notices (workflow_id, kind, child_key, child_task, child_status)
                    select workflow_id, 'ended', 'child', 'child', 'completed' from tasks where task_id = 'first'
                    """)
                return ids
            }
            try await `as`(service, in: installation) { fixture in
                let run = try await fixture.claim(kind)
                let messages = try await fixture.store.end(run.claim, as: .stuck, error: "e")
                #expect(messages.contains { $0.subject.hasSuffix(".subtask_ended") })
                #expect(try await fixture.values("select kind as value from notices") == ["dependency"])
            }
            try await `as`(.notifier, in: installation) { notifier in
                _ = try await notifier.store.settleTold()
                for id in ids { #expect(try await notifier.status(id) == .ended(.skipped)) }
            }
        }
    }

    @Test func `who asks models tells what they did not answer, and nobody else does`() async throws {
        try await Installation.with { installation in
            for service in ServiceKind.allCases {
                try await `as`(service, in: installation) { fixture in
                    let failure: SQL = "insert into model_failures (model, code, error) values ('m', 'c', 'e')"
                    #expect(await fixture.isForbidden(failure) == ![.planner, .coder].contains(service), "\(service)")
                }
            }
        }
    }

    /// What a service may not that works on steps of one kind, of the tasks of ``withTasks(_:)``.
    private static let foreign: [SQL] = [
        "update tasks set request = '{}'", "update tasks set flow = '{}'", "update tasks set max_cost_usd = 99",
        "update tasks set company_id = 'other'", "update tasks set content_hash = 'x'", "delete from tasks",
        "update tasks set parent = null", "update tasks set ancestors = '{}'", "update notices set kind = 'look'",
        "insert into tasks (task_id) values ('x')", "delete from stage_runs", "delete from journal",
        "delete from outbox",
        "delete from task_activities", "delete from steering", "insert into steering (message) values ('m')",
        "update task_activities set message = 'x'", "update discoveries set content = 'x'",
        "update checkpoints set pack = ''", "delete from dependencies",
        "update webhook_messages set url = 'https://example.org'", "delete from webhook_messages",
        """
        insert into stage_runs (workflow_id, slot, kind, state, company_id, rank, endpoint)
            select workflow_id, 'm', 'webhook', 'ready', company_id, now(), 1 from tasks
        """,
        "insert into webhook_attempts (message_id) values ('m')", "delete from webhook_endpoints",
        "insert into webhook_endpoints (url, reason, is_platform) values ('u', 'r', true)",
        "update catalogue set spec = '{}'", "delete from catalogue", "insert into catalogue (version) values (1)",
        "select from project_credentials", "delete from project_credentials", "delete from rejected_submissions",
        "delete from duties", "update duties set owner = null", "update broker_state set submissions_checked = 0",
        "update pauses set resumed_by = 'x'", "insert into pauses (company_id) values ('*')", "delete from pauses",
        "insert into reports (company_id) values ('*')", "delete from execution_logs", "delete from run_failures",
        "update execution_logs set message = 'x'", "update run_failures set error = 'x'",
        "delete from model_failures", "update model_failures set error = 'x'",
        """
        insert into execution_logs (timestamp, level, service, replica, message)
        values (now(), 'info', 'planner', 'planner-1', 'x')
        """,
        """
        insert into replicas (owner, service, name, version, state)
        values (gen_random_uuid(), 'planner', 'x', '1', 'running')
        """,
    ]

    @Test(arguments: [ServiceKind.coder, .validator, .pusher])
    func `who works on one kind changes no request, no other's run and no workflow without a run of its own`(
        _ service: ServiceKind
    ) async throws {
        let own = try #require(service.row.kinds.first)
        try await Installation.with { installation in
            try await installation.as("postgres") { owner in
                let other = Replica(
                    owner: UUID(), service: .planner, name: "planner-1", version: "1", places: 1, startedAt: Date())
                _ = try await owner.store.show(other)
                for kind in StepKind.rows.map(\.kind) where kind != own {
                    // Each stays at its step: claimed, and so out of the others' way.
                    _ = try await owner.reach(Stage(validated: kind.rawValue), "at-\(kind)")
                }
            }
            try await `as`(service, in: installation) { fixture in
                for statement in Self.foreign {
                    #expect(await fixture.isForbidden(statement), "\(service): \(statement.text)")
                }
                #expect(try await fixture.run("update replicas set wanted = 'drain'") == 0)
                #expect(try await fixture.run("delete from replicas") == 0)
                // Rows of others are not there, for who may not change them.
                let others: SQL = "kind <> \(own.rawValue)"
                #expect(try await fixture.run("update stage_runs set output = '{}' where \(others)") == 0)
                #expect(try await fixture.run("update stage_runs set last_error = 'x' where \(others)") == 0)
                #expect(try await fixture.run("update tasks set branch_name = 'x' where task_id = 'at-plan'") == 0)
                // It tells others what concerns them, and takes nothing of what they were told.
                let told: SQL = """
                    insert into notices (workflow_id, kind) select workflow_id, 'dependency' from tasks
                    where task_id = 'at-plan'
                    """
                #expect(try await fixture.run(told) == 1)
                #expect(try await fixture.run("delete from notices") == 0)
                for kind in StepKind.rows.map(\.kind) where kind != own {
                    let entry: SQL = """
                        insert into journal (run_id, step, kind, name, request_hash, state, epoch)
                        select id, 7, 'tool_call', 'n', 'h', 'intent', 1 from stage_runs where kind = \(kind) limit 1
                        """
                    #expect(await fixture.isForbidden(entry), "\(service): \(kind)")
                }
                try await tryToOpen(own, fixture)
            }
        }
    }

    /// A run of each kind, with and without an output.
    private func tryToOpen(_ own: StepKind, _ fixture: Fixture) async throws {
        for kind in StepKind.rows.map(\.kind) {
            let mayFollow = kind == own || own.row?.successors.contains(kind) == true
            for (state, output) in [("done", .object([:])), ("ready", .object([:])), ("ready", nil)]
                as [(String, JSONValue?)]
            {
                let insert: SQL = """
                    insert into stage_runs (workflow_id, stage, kind, round, generation, state, company_id, rank,
                        finished_at, output)
                    select workflow_id, stage, \(kind), 90, 90, \(state), company_id, now(),
                        case when \(state == "done") then now() end, \(nullable: output)
                    from tasks where task_id = 'at-plan'
                    """
                let mayBe = mayFollow && state == "ready" && output == nil
                // One open run is all that a workflow may have: that is another refusal.
                #expect(await fixture.isForbidden(insert) == !mayBe, "\(own): \(kind) \(state)")
            }
        }
    }

    @Test func `a webhook bridge writes its deliveries alone, and a notifier no request`() async throws {
        try await Installation.with { installation in
            try await installation.as("postgres") { owner in
                try await owner.submit("first")
                _ = try await owner.store.end(workflow: try await owner.submit("ended"), as: .stuck)
            }
            let keepers: [SQL] = [
                "update tasks set request = '{}'", "update tasks set max_cost_usd = 9",
                "insert into tasks (task_id) values ('x')",
                "insert into stage_runs (round) values (1)", "insert into journal (step) values (1)",
                "delete from stage_runs",
                "insert into checkpoints (ordinal) values (1)", "update webhook_messages set url = 'u'",
                "insert into webhook_attempts (message_id) values ('m')", "delete from catalogue",
            ]
            try await `as`(.notifier, in: installation) { notifier in
                for statement in keepers { #expect(await notifier.isForbidden(statement), "\(statement.text)") }
            }
            let writes =
                keepers.filter { !$0.text.contains("webhook") } + [
                    "update tasks set branch_name = 'x'", "update stage_runs set output = '{}'",
                    "update stage_runs set kind = 'plan'", "update stage_runs set workflow_id = workflow_id",
                    "update stage_runs set slot = 'step'", "update webhook_messages set url = 'u'",
                    "delete from journal",
                    "update outbox set published_at = null", "delete from outbox", "delete from webhook_messages",
                    "insert into notices (workflow_id, kind) select workflow_id, 'dependency' from tasks",
                    "insert into webhook_messages (id) values ('x')", "delete from duties",
                    "select from tasks for update", "update webhook_attempts set error = 'x'",
                ]
            try await `as`(.webhookBridge, in: installation) { bridge async throws in
                for statement in writes { #expect(await bridge.isForbidden(statement), "\(statement.text)") }
                // Runs of steps are not there, for who may not change them.
                for statement in ["update stage_runs set last_error = 'x'", "select from stage_runs for update"]
                    as [SQL]
                {
                    let changed = try await bridge.run(statement)
                    #expect(changed == 1, "\(statement.text)")
                }
            }
        }
    }

    @Test func `each table has a row of rights`() async throws {
        try await Installation.with { installation in
            let tables: [String] = try await installation.as("postgres") { owner in
                try await owner.values(
                    """
                    select relname::text as value from pg_class
                    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1
                    """)
            }
            #expect(tables == TableRights.rows.map(\.table).sorted())
        }
    }
}
