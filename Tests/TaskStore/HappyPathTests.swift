import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct HappyPathTests {
    private let plan = ImplementationPlan(goal: "Mend it", steps: ["look", "mend"])

    @Test func `a task runs through every stage to a completed result`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            let id = try await fixture.submit("t1") { $0.delivery.webhookURL = "https://example.org/hook" }
            let planning = try await fixture.claim(.plan)
            let key = planning.key
            #expect(key == RunKey(id: key.id, workflowID: id, stage: .plan, round: 0, generation: 0))
            #expect(planning.attempt == 1 && planning.claim.epoch == 1)
            #expect(planning.request == request(try address("t1")).with(webhook: "https://example.org/hook"))
            _ = try await store.finish(
                planning.claim,
                output: PlanOutput(plan: plan),
                changes: WorkflowChanges(branchName: "feat/mend", baseCommit: commits[0]),
                events: [try EventDraft(PlanCreated(plan: plan))])
            try await implement(fixture, round: 0)
            let failed = try await fixture.claim(.validation)
            #expect(failed.record.headCommit == commits[1] && failed.record.headTree == commits[2])
            _ = try await store.finish(
                failed.claim, .failed,
                output: evidence(id, of: ValidationResult(success: false, issues: ["red"])))
            try await implement(fixture, round: 1)
            let passed = try await fixture.claim(.validation)
            #expect(passed.key.round == 1)
            _ = try await store.finish(passed.claim, output: evidence(id))
            let push = try await fixture.claim(.push)
            #expect(try push.record.outputs.get(ValidationOutput.self)?.signed.evidence.tree == commits[2])
            let messages = try await store.finish(
                push.claim, changes: WorkflowChanges(commitHash: commits[3]),
                events: [try EventDraft(ChangesPushed(branchName: "feat/mend", commitHash: commits[3]))])
            #expect(messages.last?.subject == "automata.workflows.acme.web.t1.workflow_completed")
            try await checkEnd(fixture, id)
        }
    }

    private func implement(_ fixture: Fixture, round: Int) async throws {
        let run = try await fixture.claim(.implementation)
        #expect(try run.key.round == round && run.record.outputs.get(PlanOutput.self)?.plan == plan)
        for step in 1...3 {
            let checkpoint = Checkpoint(
                commit: commits[1], tree: commits[2], base: commits[0], pack: Data([0, 1, 255]))
            _ = try await fixture.store.recordStep(
                run.claim,
                JournalStep(
                    step: step, kind: .toolCall, name: "edit_file", requestHash: "h\(step)", result: ["ok": true],
                    checkpoint: step == 3 ? checkpoint : nil,
                    changes: WorkflowChanges(
                        stepsCompleted: 2, usage: Usage(llmCalls: 1, promptTokens: 10, costUSD: 0.1))),
                events: [
                    try EventDraft(
                        ImplementationStep(
                            iteration: step, tool: "edit_file", summary: "a", ok: true, durationMilliseconds: 1))
                ])
        }
        _ = try await fixture.store.finish(
            run.claim,
            changes: WorkflowChanges(
                headCommit: commits[1], headTree: commits[2],
                difference: Difference(filesChanged: 1, insertions: 2)))
    }

    private func checkEnd(_ fixture: Fixture, _ id: UUID) async throws {
        let record = try await fixture.record(id)
        let result = try #require(record.result)
        #expect(record.status == .ended(.completed) && result.success && result.status == .completed)
        #expect(result.artifacts.llmCalls == 6 && result.artifacts.promptTokens == 60)
        #expect(abs(result.artifacts.costUSD - 0.6) < 1e-9)
        #expect(result.branchName == "feat/mend" && result.commitHash == commits[3] && result.stepsCompleted == 2)
        #expect(result.implementationPlan == plan && result.validationResult?.testsPassed == 3)
        #expect(
            try await fixture.events(id) == ["workflow_started", "plan_created"]
                + Array(repeating: "implementation_step", count: 6) + ["changes_pushed", "workflow_completed"])
        #expect(try await fixture.store.checkpointChain(of: id).isEmpty)
        #expect(
            try await fixture.values(
                "select distinct state as value from stage_runs where slot = 'step'", as: String.self) == ["done"])
        let delivery = try #require(try await fixture.store.claimWebhooks(owner: UUID(), lease: lease).deliveries.first)
        #expect(delivery.url == "https://example.org/hook")
        let payload = try JSON.decode(WebhookPayload.self, from: delivery.payload)
        #expect(payload.type == "workflow.completed" && payload.data == result)
        try await checkActivities(fixture)
    }

    private func checkActivities(_ fixture: Fixture) async throws {
        let types: [String] = try await fixture.values(
            "select activity_type as value from task_activities where task_id = 't1' order by timestamp desc")
        #expect(types.count == 10 && types.filter { $0 == "function_call" }.count == 6)
        let newest = try await fixture.store.activities(try address("t1"), limit: 1)
        #expect(newest.first?.message == "Completed")
    }

    @Test func `every stage announces the next with a trigger that names the run`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.push)
            let triggers: [String] = try await fixture.values(
                "select subject as value from outbox where seq is null order by id")
            #expect(
                triggers.map { $0.split(separator: ".").last } == [
                    "plan_requested", "implementation_requested", "validation_requested", "push_requested",
                ])
            let body: JSONValue = try #require(
                try await fixture.value("select payload::jsonb as value from outbox where seq is null limit 1"))
            #expect(
                try body.decode(StageRequest.self)
                    == StageRequest(
                        workflowID: run.key.workflowID.text, address: run.record.address, stage: .plan, round: 0))
        }
    }

    @Test func `messages carry the trace of their workflow`() async throws {
        try await withStore { fixture in
            let trace = "0af7651916cd43dd8448eb211c80319c"
            let submission = Submission(request: request(try address("t1")), contentHash: "h", traceID: trace)
            guard case .accepted(_, let messages) = try await fixture.store.submit(submission) else {
                Issue.record("not accepted")
                return
            }
            #expect(messages.count == 2)
            for message in messages {
                let parent = try #require(message.headers["traceparent"])
                #expect(parent.wholeMatch(of: /00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01/) != nil)
            }
        }
    }

    @Test func `a plan that is too large for an event is whole in the record`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.plan)
            let steps = (0..<400).map { "step \($0) of a plan that is far too long for one event" }
            let large = ImplementationPlan(goal: "a\0b", steps: steps)
            let messages = try await fixture.store.finish(
                run.claim, output: PlanOutput(plan: large), events: [try EventDraft(PlanCreated(plan: large))])
            let payload = try #require(messages.first { $0.subject.hasSuffix(".plan_created") }).payload
            #expect(payload.count <= Event.maximumBytes)
            #expect(try JSON.decode(Event.self, from: payload).details["goal"] == "a\u{FFFD}b")
            #expect(try await fixture.record(run.key.workflowID).outputs.get(PlanOutput.self)?.plan.steps == steps)
        }
    }
}

extension TaskRequest {
    fileprivate func with(webhook url: String) -> TaskRequest {
        var request = self
        request.delivery.webhookURL = url
        return request
    }
}
