import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Submissions that take the place of a task that waits.
@Suite(.timeLimit(.minutes(5))) struct UpdateTests {
    private func submission(
        _ task: String, _ hash: String, priority: Int = 5, dependencies: [String] = [], isTrial: Bool = false,
        change: (inout TaskRequest) -> Void = { _ in }
    ) throws -> Submission {
        var request = request(try address(task), priority: priority, dependencies: dependencies)
        change(&request)
        var submission = Submission(request: request, contentHash: hash)
        (submission.updates, submission.isTrial) = (true, isTrial)
        return submission
    }

    /// The workflow that a submission changed; `nil` if it changed none.
    private func updated(_ submission: Submission, _ fixture: Fixture) async throws -> UUID? {
        guard case .updated(let id, _) = try await fixture.store.submit(submission) else { return nil }
        return id
    }

    @Test func `a task that waits asks for something else from then on, and stays the same workflow`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1") {
                $0.repository.credentials = .sealed("old")
                $0.task.tags = ["a", "b"]
            }
            let created = try await fixture.record(id).createdAt
            let change = try submission("t1", "other", priority: 1) {
                $0.task.title = "Mend it well"
                $0.task.tags = ["b", "c"]
                $0.repository.credentials = .sealed("new")
                $0.timeoutSeconds = 60
                $0.agent.maxCostUSD = 7
            }
            #expect(try await updated(change, fixture) == id)
            #expect(try await fixture.store.submit(change) == .duplicate(workflowID: id))
            let tags: [String] = try await fixture.values("select tag as value from task_tags order by 1")
            #expect(tags == ["b", "c"])
            #expect(try await fixture.value("select sealed as value from sealed_credentials") == "new")
            #expect(try await fixture.events(id) == ["workflow_started"])
            let run = try await fixture.claim()
            #expect(run.key.workflowID == id && run.request.task.title == "Mend it well")
            #expect(run.request.task.priority == 1 && run.request.agent.maxCostUSD == 7)
            #expect(run.request.repository.credentials == .sealed("new"))
            let record = try await fixture.record(id)
            #expect(record.createdAt == created)
            #expect(abs(record.deadlineAt.timeIntervalSince(created) - 60) < 30)
            #expect(try await fixture.store.activities(try address("t1")).contains { $0.message.contains("changed") })
        }
    }

    @Test func `priority holds for what waits, too`() async throws {
        try await withStore { fixture in
            try await fixture.submit("first")
            let second = try await fixture.submit("second")
            #expect(try await updated(try submission("second", "h", priority: 1), fixture) == second)
            #expect(try await fixture.claim().key.workflowID == second)
        }
    }

    @Test func `what was begun, retried or ended is not changed`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            let run = try await fixture.claim()
            let change = try submission("t1", "other")
            #expect(try await fixture.store.submit(change) == .conflict(workflowID: id))
            _ = try await fixture.store.release(run.claim, error: "e")
            #expect(try await fixture.store.submit(change) == .conflict(workflowID: id))
            _ = try await fixture.store.control(try address("t1"), .cancel)
            #expect(try await fixture.store.submit(change) == .conflict(workflowID: id))
            _ = try await fixture.store.control(try address("t1"), .retry)
            #expect(try await fixture.store.submit(change) == .conflict(workflowID: id))
            var plain = change
            plain.updates = false
            let waiting = try await fixture.submit("t2")
            plain.request = request(try address("t2"))
            #expect(try await fixture.store.submit(plain) == .conflict(workflowID: waiting))
        }
    }

    @Test func `what it waits for changes with it`() async throws {
        try await withStore { fixture in
            let done = try await fixture.submit("done")
            _ = try await fixture.store.end(workflow: done, as: .completedNoChanges)
            let id = try await fixture.submit("late", dependencies: ["missing"])
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            // No longer held, held again, and free.
            for (hash, dependencies, state) in [
                ("1", ["done"], "ready"), ("2", ["missing"], "held"), ("3", ["done", "missing"], "held"),
                ("4", [], "ready"),
            ] {
                let change = try submission("late", hash, dependencies: dependencies)
                #expect(try await updated(change, fixture) == id, "\(hash)")
                let sql: SQL = "select state as value from stage_runs where workflow_id = \(id)"
                #expect(try await fixture.value(sql, as: String.self) == state, "\(hash)")
            }
            let own = try submission("late", "5", dependencies: ["late"])
            #expect(try await fixture.store.submit(own) == .cycle([TaskID(validated: "late")]))
            #expect(try await fixture.claim().key.workflowID == id)
        }
    }

    @Test func `a task that comes to wait for one that failed is skipped`() async throws {
        try await withStore { fixture in
            let failed = try await fixture.submit("failed")
            _ = try await fixture.store.end(workflow: failed, as: .stuck)
            let id = try await fixture.submit("t1")
            let change = try submission("t1", "other", dependencies: ["failed"])
            #expect(try await updated(change, fixture) == id)
            #expect(try await fixture.status(id) == .ended(.skipped))
            #expect(try await fixture.events(id) == ["workflow_started", "workflow_failed"])
        }
    }

    @Test func `a task that is paused before it began stays so`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            _ = try await fixture.store.control(try address("t1"), .pause)
            #expect(try await updated(try submission("t1", "other"), fixture) == id)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            _ = try await fixture.store.control(try address("t1"), .resume)
            #expect(try await fixture.claim().key.workflowID == id)
        }
    }

    @Test func `a trial changes nothing`() async throws {
        try await withStore { fixture in
            let new = try await fixture.store.submit(try submission("new", "h", isTrial: true))
            guard case .accepted(_, let messages) = new else {
                Issue.record("\(new)")
                return
            }
            #expect(messages.isEmpty)
            let id = try await fixture.submit("t1")
            let change = try submission("t1", "other", priority: 1, isTrial: true)
            #expect(try await fixture.store.submit(change) == .updated(workflowID: id, []))
            #expect(try await fixture.value("select count(*) as value from tasks") == 1)
            #expect(try await fixture.claim().request.task.priority == 5)
        }
    }

    @Test func `of a change and a claim at the same time one comes first`() async throws {
        try await withStore(connections: 10) { fixture in
            for number in 0..<20 {
                let id = try await fixture.submit("t\(number)")
                let change = try submission("t\(number)", "other", priority: 2)
                async let outcome = updated(change, fixture)
                async let claimed = fixture.store.claim(.plan, owner: fixture.owner, lease: lease)
                let (result, run) = (try await outcome, try await claimed)
                let own: StageRun
                if let run { own = run } else { own = try await fixture.claim() }
                #expect(own.key.workflowID == id)
                #expect((own.request.task.priority == 2) == (result == id), "\(String(describing: result))")
                _ = try await fixture.store.control(try address("t\(number)"), .cancel)
                _ = try await fixture.store.end(own.claim, as: .cancelled)
            }
        }
    }
}
