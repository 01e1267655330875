import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct ControlTests {
    private func accepted(
        _ request: ControlRequest, _ fixture: Fixture, task: String = "t1"
    ) async throws -> ControlReceipt {
        let outcome = try await fixture.store.control(try address(task), request)
        guard case .accepted(let receipt) = outcome else { throw Fixture.Unexpected(outcome: "\(outcome)") }
        return receipt
    }

    private func refusal(_ request: ControlRequest, _ fixture: Fixture) async throws -> String? {
        guard case .refused(let code, _) = try await fixture.store.control(try address("t1"), request) else {
            return nil
        }
        return code
    }

    @Test func `an unknown task is not found`() async throws {
        try await withStore { fixture async throws in
            #expect(try await fixture.store.control(try address("none"), .cancel) == .notFound)
            #expect(try await fixture.store.snapshot(try address("none")) == nil)
        }
    }

    @Test func `a queued workflow is cancelled at once, and once`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            let receipt = try await accepted(.cancel, fixture)
            #expect(receipt.status == .ended(.cancelled) && !receipt.ownerShouldLook)
            #expect(try await accepted(.cancel, fixture).lastSeq == receipt.lastSeq)
            #expect(try await fixture.events(id) == ["workflow_started", "workflow_failed"])
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            #expect(try await fixture.store.snapshot(try address("t1"))?.final?.status == .cancelled)
            #expect(try await refusal(.pause, fixture) == "already_ended")
            #expect(try await refusal(.steer(message: "m"), fixture) == "already_ended")
        }
    }

    @Test func `a running workflow is cancelled by its owner`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let receipt = try await accepted(.cancel, fixture)
            #expect(receipt.status == .running && receipt.ownerShouldLook)
            #expect(try await fixture.store.heartbeat(run.claim, lease: lease).cancelRequested)
            _ = try await fixture.store.end(run.claim, as: .cancelled)
            #expect(try await fixture.status(run.key.workflowID) == .ended(.cancelled))
        }
    }

    @Test(arguments: ["advance", "release", "awaitApproval", "expire"])
    func `a cancellation takes effect when the owner lets go`(_ how: String) async throws {
        try await withStore { fixture in
            try await fixture.submit("t1") { $0.delivery.approval = how == "awaitApproval" ? .plan : .none }
            let run = try await fixture.claim()
            _ = try await accepted(.cancel, fixture)
            switch how {
            case "advance", "awaitApproval": _ = try await fixture.store.finish(run.claim)
            case "release": _ = try await fixture.store.release(run.claim)
            default:
                try await fixture.run("update stage_runs set lease_until = now()")
                #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
                _ = try await fixture.store.returnExpiredLeases()
            }
            #expect(try await fixture.status(run.key.workflowID) == .ended(.cancelled))
            #expect(try await fixture.events(run.key.workflowID).last == "workflow_failed")
        }
    }

    @Test func `a pause stops the clock of the time limit`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            let deadline = try await fixture.record(id).deadlineAt
            #expect(try await accepted(.pause, fixture).status == .paused)
            #expect(try await accepted(.pause, fixture).status == .paused)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            try await fixture.run("update tasks set paused_at = paused_at - interval '1 hour'")
            try await fixture.run("update tasks set deadline_at = deadline_at - interval '2 days'")
            #expect(try await fixture.store.endOverdue().isEmpty)
            try await fixture.run("update tasks set deadline_at = deadline_at + interval '2 days'")
            #expect(try await accepted(.resume, fixture).status == .queued)
            #expect(try await accepted(.resume, fixture).status == .queued)
            let moved = try await fixture.record(id).deadlineAt.timeIntervalSince(deadline)
            #expect(moved >= 3600 && moved < 3660)
            #expect(try await fixture.events(id) == ["workflow_started", "workflow_paused", "workflow_resumed"])
            let run = try await fixture.claim()
            #expect(run.record.elapsedSeconds < 60)
        }
    }

    @Test(arguments: ["release", "advance", "expire"])
    func `a running workflow is paused when its owner lets go`(_ how: String) async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            #expect(try await accepted(.pause, fixture).status == .running)
            #expect(try await fixture.store.heartbeat(run.claim, lease: lease).pauseRequested)
            switch how {
            case "release": _ = try await fixture.store.release(run.claim)
            case "advance": _ = try await fixture.store.finish(run.claim)
            default:
                try await fixture.run("update stage_runs set lease_until = now()")
                _ = try await fixture.store.returnExpiredLeases()
            }
            #expect(try await fixture.status(run.key.workflowID) == .paused)
            let kind: StepKind = how == "advance" ? .implementation : .plan
            #expect(try await fixture.store.claim(kind, owner: UUID(), lease: lease) == nil)
            _ = try await accepted(.resume, fixture)
            #expect(try await fixture.claim(kind).attempt == (how == "expire" ? 2 : 1))
        }
    }

    @Test func `a pause can be taken back before the owner saw it`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            _ = try await accepted(.pause, fixture)
            #expect(try await accepted(.resume, fixture).status == .running)
            #expect(try await !fixture.store.heartbeat(run.claim, lease: lease).pauseRequested)
        }
    }

    @Test func `steering reaches the owner once and in order`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            for message in ["left", "right", "left"] { _ = try await accepted(.steer(message: message), fixture) }
            #expect(try await fixture.store.heartbeat(run.claim, lease: lease).hasSteering)
            #expect(try await fixture.store.steering(run.claim) == ["left", "right"])
            #expect(try await !fixture.store.heartbeat(run.claim, lease: lease).hasSteering)
            // The model saw it, so the same words again are another message.
            _ = try await accepted(.steer(message: "left"), fixture)
            #expect(try await fixture.store.steering(run.claim) == ["left", "right", "left"])
        }
    }

    @Test func `a person approves or rejects the next stage`() async throws {
        try await withStore { fixture in
            for (task, request) in [("t1", ControlRequest.approve), ("t2", .reject)] {
                let id = try await fixture.submit(task) { $0.delivery.approval = .plan }
                _ = try await fixture.store.finish(try await fixture.claim().claim)
                #expect(try await fixture.events(id).last == "approval_requested")
                #expect(try await fixture.status(id) == .awaitingApproval)
                #expect(try await fixture.store.claim(.implementation, owner: UUID(), lease: lease) == nil)
                #expect(try await refusal(.pause, fixture) == (task == "t1" ? "not_possible" : nil))
                _ = try await accepted(request, fixture, task: task)
                _ = try await accepted(request, fixture, task: task)
                if request == .approve { _ = try await fixture.claim(.implementation) }
                #expect(try await fixture.status(id) == (request == .approve ? .running : .ended(.rejected)))
            }
        }
    }

    @Test(arguments: [ControlRequest.reject, .cancel])
    func `what nobody approved is asked again when it is retried`(_ ending: ControlRequest) async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.plan) { $0.delivery.approval = .plan }
            _ = try await fixture.store.finish(run.claim)
            _ = try await accepted(ending, fixture)
            #expect(try await accepted(.retry, fixture).status == .awaitingApproval)
            #expect(try await fixture.store.claim(.implementation, owner: UUID(), lease: lease) == nil)
            #expect(
                try await fixture.events(run.key.workflowID).suffix(2) == ["workflow_resumed", "approval_requested"])
            _ = try await accepted(.approve, fixture)
            _ = try await fixture.claim(.implementation)
        }
    }

    @Test func `approve is refused where nothing waits for it`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            #expect(try await refusal(.approve, fixture) == "not_possible")
            #expect(try await refusal(.reject, fixture) == "not_possible")
            #expect(try await refusal(.retry, fixture) == "not_possible")
        }
    }

    @Test func `a budget is raised, also of a workflow that failed, and never lowered`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            #expect(run.record.maxCostUSD == 2)
            _ = try await accepted(.raiseBudget(maxCostUSD: 3.5), fixture)
            #expect(try await fixture.store.heartbeat(run.claim, lease: lease).maxCostUSD == 3.5)
            #expect(try await refusal(.raiseBudget(maxCostUSD: 3), fixture) == "not_possible")
            _ = try await fixture.store.end(run.claim, as: .budgetExhausted)
            _ = try await accepted(.raiseBudget(maxCostUSD: 5), fixture)
            _ = try await accepted(.retry, fixture)
            #expect(try await fixture.claim().record.maxCostUSD == 5)
        }
    }

    @Test func `a failed workflow runs again from the stage that failed`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let step = JournalStep(step: 1, kind: .modelCall, name: "m", requestHash: "h", result: 1)
            _ = try await fixture.store.recordStep(run.claim, step)
            _ = try await fixture.store.end(run.claim, as: .modelUnavailable, error: "503")
            #expect(try await accepted(.retry, fixture).status == .queued)
            #expect(try await accepted(.retry, fixture).status == .queued)
            let again = try await fixture.claim(.implementation)
            #expect(again.key.generation == 1 && again.attempt == 1 && again.claim.epoch == 3)
            #expect(try await fixture.store.journal(of: again.key).isEmpty)
            #expect(again.record.result == nil && again.record.finishedAt == nil)
            _ = try await fixture.store.end(again.claim, as: .stuck)
            #expect(
                try await fixture.events(run.key.workflowID) == [
                    "workflow_started", "workflow_failed", "workflow_resumed", "workflow_failed",
                ])
            #expect(try await fixture.value("select count(*) as value from webhook_messages") == 2)
        }
    }

    @Test func `a cancelled run whose owner is silent ends at once`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            _ = try await fixture.claim(lease: .zero)
            #expect(try await accepted(.cancel, fixture).status == .ended(.cancelled))
        }
    }

    private struct Told: Equatable {
        let message: String
        let details: JSONValue
    }

    /// What people asked for, the oldest first.
    private func asked(_ fixture: Fixture) async throws -> [Told] {
        let list = QueryRequest("activities", filter: ["text": "asked to"])
        let items = try #require(try await fixture.store.page(list, in: .task(try address("t1")))).items
        return items.reversed().map { Told(message: $0["message"]?.stringValue ?? "", details: $0["details"] ?? .null) }
    }

    @Test func `who asked for something that was done stands in the history, and for nothing else`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1") { $0.delivery.approval = .plan }
            let name = try address("t1")
            let store = fixture.store
            for actor in ["ann", "ben"] { _ = try await store.control(name, .pause, by: actor) }
            _ = try await store.control(name, .resume)
            _ = try await store.control(name, .steer(message: "keep it\nsmall"), by: "cy")
            _ = try await store.control(name, .approve, by: "ben")
            _ = try await store.control(name, .raiseBudget(maxCostUSD: 2.5), by: "ann")
            _ = try await store.control(name, .cancel, by: "ann")
            _ = try await store.control(name, .cancel, by: "ben")
            #expect(
                try await asked(fixture) == [
                    Told(message: "ann asked to pause", details: ["action": "pause", "actor": "ann"]),
                    Told(
                        message: "cy asked to steer: keep it small",
                        details: ["action": "steer", "message": "keep it\nsmall", "actor": "cy"]),
                    Told(
                        message: "ann asked to raise the budget to 2.5 US dollars",
                        details: ["action": "raise_budget", "max_cost_usd": 2.5, "actor": "ann"]),
                    Told(message: "ann asked to cancel", details: ["action": "cancel", "actor": "ann"]),
                ])
        }
    }

    @Test(arguments: ["queued", "release", "advance"])
    func `the events of a pause and of its end name who asked for them`(_ how: String) async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            let name = try address("t1")
            var run: StageRun?
            if how != "queued" { run = try await fixture.claim() }
            _ = try await fixture.store.control(name, .pause, by: "ann")
            if let run {
                if how == "advance" { _ = try await fixture.store.finish(run.claim) }
                if how == "release" { _ = try await fixture.store.release(run.claim) }
            }
            _ = try await fixture.store.control(name, .resume, by: "ben")
            let actors: [String?] = try await fixture.values(
                """
                select payload::jsonb #>> '{details,actor}' as value from outbox where workflow_id = \(id)
                    and payload::jsonb ->> 'notification_type' in ('workflow_paused', 'workflow_resumed') order by seq
                """)
            #expect(actors == ["ann", "ben"])
            // Where nobody is named there is no word of anybody.
            _ = try await fixture.store.control(name, .pause)
            let last: String? = try await fixture.value(
                """
                select payload as value from outbox where workflow_id = \(id) and seq is not null
                order by seq desc limit 1
                """)
            #expect(last?.contains("workflow_paused") == true && last?.contains("actor") == false)
        }
    }
}
