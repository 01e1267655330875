import Contracts
import Foundation
import Testing

/// What is said of parents and children holds for a good family, and is broken by the one it is made against.
@Suite struct FamilyRulesTests {
    /// A parent with two children: one made its part, which nobody pushes, the other failed; and what waited for that
    /// never started.
    private let good: Testimony = {
        var good = Testimony()
        good.accepted = [
            AcceptedTask(id: "p", expected: [.validationFailed]), AcceptedTask(id: "p--a"),
            AcceptedTask(id: "p--b", expected: [.stuck]), AcceptedTask(id: "p--c", expected: [.skipped]),
        ]
        good.record.tasks = [
            .init(
                workflow: "0", task: "p", status: "validation_failed", lastSeq: 7, started: 1, finished: 9,
                pushes: false),
            child("a", "completed", started: 2, finished: 4), child("b", "stuck", started: 2, finished: 5),
            child("c", "skipped", started: 0, finished: 6),
        ]
        good.stored = [
            event("p", 1, .workflowStarted), event("p", 2, .subtaskStarted, "a", "running"),
            event("p", 3, .subtaskStarted, "b", "running"), event("p", 4, .subtaskEnded, "a", "completed"),
            event("p", 5, .subtaskEnded, "b", "stuck"), event("p", 6, .subtaskEnded, "c", "skipped"),
            event("p", 7, .workflowFailed), event("p--a", 1, .workflowCompleted), event("p--b", 1, .workflowFailed),
            event("p--c", 1, .workflowFailed), event("p", 4, .subtaskEnded, "a", "completed"),
        ]
        good.webhooks = [SeenWebhook(id: "w", task: "p", status: "validation_failed", body: "{}", isVerified: true)]
        good.record.webhooks = [.init(id: "w", workflow: "0", state: "done")]
        return good
    }()

    private static func child(
        _ key: String, _ status: String, started: Double, finished: Double
    ) -> RecordAtEnd.Task {
        .init(
            workflow: key, task: "p--\(key)", status: status, lastSeq: 1, started: started, finished: finished,
            pushes: false, hasWebhook: false, parent: "0", key: key)
    }

    private static func event(
        _ task: String, _ seq: Int, _ type: EventType, _ key: String? = nil, _ status: String? = nil
    ) -> SeenEvent {
        let id = "\(task) \(seq)"
        return SeenEvent(
            messageID: id, eventID: id, task: task, seq: seq, type: type.rawValue, payload: id, key: key,
            status: status)
    }

    /// The rules that are broken once `change` was made.
    private func broken(_ change: (inout Testimony) -> Void) -> [String] {
        var testimony = good
        change(&testimony)
        return Checker.violations(in: testimony).map(\.invariant)
    }

    @Test func `a good family breaks no rule`() {
        #expect(Checker.violations(in: good) == [])
    }

    @Test func `a child that its parent was not to have breaks a rule`() {
        #expect(broken { $0.accepted.removeLast() } == [Invariant.nobodyElse.name])
    }

    @Test func `a parent ends last`() {
        let rule = [Invariant.parentsLast.name]
        #expect(broken { $0.record.tasks[0].finished = 5.5 } == rule)
        #expect(broken { $0.record.tasks[3].finished = 9.5 } == rule)
    }

    @Test func `a parent tells of the start and the end of each child once, as they were`() {
        let rule = [Invariant.childrenTold.name]
        #expect(broken { $0.stored[3].status = "stuck" } == rule)
        #expect(broken { $0.stored[5].key = "b" } == rule)
        #expect(broken { $0.stored[1].type = EventType.subtaskEnded.rawValue } == rule)
        #expect(broken { $0.record.tasks[3].started = 3 } == rule)
        #expect(broken { $0.record.tasks[1].started = 0 } == rule)
        #expect(
            broken {
                $0.stored[3].seq = 2; $0.stored[1].seq = 4; $0.stored.swapAt(1, 3); $0.stored.removeLast()
            }.contains(Invariant.childrenTold.name))
    }

    @Test func `what does not push leaves no branch, and who names no webhook has none`() {
        let update = RefUpdate(old: RefUpdate.none, new: "c", ref: "refs/heads/feat/a")
        #expect(
            broken {
                $0.record.tasks[1].branch = "feat/a"; $0.record.tasks[1].commit = "c"; $0.refUpdates = [update]
            } == [Invariant.onePush.name])
        let rule = [Invariant.webhooks.name]
        #expect(
            broken {
                $0.webhooks.append($0.webhooks[0]); $0.webhooks[1].task = "p--a"; $0.webhooks[1].status = "completed"
            } == rule)
        #expect(broken { $0.record.webhooks.append(.init(id: "v", workflow: "a", state: "done")) } == rule)
    }

    @Test func `at rest nobody was told what he did not take in, and nobody waits for nothing`() {
        let rule = [Invariant.atRest.name]
        #expect(broken { $0.record.notices = 1 } == rule)
        #expect(broken { $0.record.vainWaits = 1 } == rule)
    }
}
