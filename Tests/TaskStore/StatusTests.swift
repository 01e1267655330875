import Contracts
import Foundations
import Testing

@testable import TaskStore

/// What `status` tells of where a task is.
@Suite(.timeLimit(.minutes(5)))
struct StatusTests {
    private func snapshot(_ fixture: Fixture, _ task: String = "t1") async throws -> StatusSnapshot {
        try #require(try await fixture.store.snapshot(try address(task)))
    }

    @Test func `a task says since when it runs and where, and how far it is`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            var now = try await snapshot(fixture)
            #expect(now.waitsFor == "worker" && now.progress == 0)
            #expect(now.startedAt == nil && now.claimedAt == nil && now.claimedBy == nil)
            var run = try await fixture.claim()
            let plan = ImplementationPlan(
                goal: "g", steps: ["a", "b", "c"], filesToCreate: [], filesToModify: [], validationCriteria: [])
            try await fixture.store.finish(run.claim, output: PlanOutput(plan: plan))
            run = try await fixture.claim(.implementation)
            now = try await snapshot(fixture)
            #expect(now.waitsFor == nil && now.claimedBy == fixture.owner.text)
            let (started, claimed) = (try #require(now.startedAt), try #require(now.claimedAt))
            #expect(started < claimed)
            try await fixture.store.finish(run.claim, changes: WorkflowChanges(stepsCompleted: 2))
            #expect(try await snapshot(fixture).progress == 66)
            run = try await fixture.claim(.validation)
            try await fixture.store.finish(
                run.claim, output: evidence(run.key.workflowID), changes: WorkflowChanges(stepsCompleted: 3))
            #expect(try await snapshot(fixture).progress == 99)
            run = try await fixture.claim(.push)
            try await fixture.store.finish(run.claim)
            now = try await snapshot(fixture)
            #expect(now.progress == 100 && now.claimedBy == nil && now.claimedAt == nil && now.waitsFor == nil)
            #expect(try JSONValue(encoding: now)["completed_at"] == JSONValue(encoding: now)["finished_at"])
        }
    }

    @Test func `a task that failed is as far as it came`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            _ = try await fixture.store.end(workflow: id, as: .cancelled)
            let now = try await snapshot(fixture)
            #expect(now.progress == 0 && now.waitsFor == nil && now.finishedAt != nil)
        }
    }
}
