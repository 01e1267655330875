import Contracts
import Foundation
import Testing

/// Each rule holds for a good run and is broken by the run it is made against.
@Suite struct CheckerTests {
    private static let commit = String(repeating: "a", count: 40)
    private static let start = Date(timeIntervalSince1970: 1_750_000_000)

    /// A run of one task, in which all is as it should be and one model call was hit by a kill.
    private let good: Testimony = {
        var good = Testimony()
        good.accepted = [AcceptedTask(id: "t")]
        good.disturbances = [Disturbance(name: "kill", start: start + 10, end: start + 10)]
        good.modelCalls = [
            ModelCall(hash: "h1", begin: start, end: start + 1),
            ModelCall(hash: "h2", begin: start + 9.9, end: start + 10.1),
            ModelCall(hash: "h2", begin: start + 13, end: start + 13.1),
        ]
        good.refUpdates = [RefUpdate(old: RefUpdate.none, new: commit, ref: "refs/heads/feat/t")]
        let last = EventType.workflowCompleted.rawValue
        good.stored = [event("e1", 1, "workflow_started"), event("e2", 2, last), event("e1", 1, "workflow_started")]
        good.heard = [event("e2", 2, last)]
        good.webhooks = [SeenWebhook(id: "w", task: "t", status: "completed", body: "{}", isVerified: true)]
        good.record.tasks = [
            .init(workflow: "f", task: "t", status: "completed", branch: "feat/t", commit: commit, lastSeq: 2)
        ]
        good.record.steps = [step(0, "h1", epoch: 1, at: 1.1), step(1, "h2", epoch: 2, at: 13.2)]
        good.record.webhooks = [.init(id: "w", workflow: "f", state: "done")]
        return good
    }()

    private static func event(_ id: String, _ seq: Int, _ type: String) -> SeenEvent {
        SeenEvent(messageID: id, eventID: id, task: "t", seq: seq, type: type, payload: id)
    }

    /// - Parameter time: When it was recorded, in seconds from the start.
    private static func step(_ number: Int, _ hash: String, epoch: Int, at time: Double) -> RecordAtEnd.Step {
        .init(
            run: "f/plan/0/0", step: number, kind: "model_call", hash: hash, epoch: epoch, isDone: true, started: 0,
            finished: start.timeIntervalSince1970 + time, call: "call_\(hash)_0")
    }

    /// The rules that are broken once `change` was made.
    private func broken(_ change: (inout Testimony) -> Void) -> [String] {
        var testimony = good
        change(&testimony)
        return Checker.violations(in: testimony).map(\.invariant)
    }

    @Test func `a good run breaks no rule`() {
        #expect(Checker.violations(in: good) == [])
    }

    @Test func `a task must be recorded once and end as it may, with one terminal event`() {
        let rule = [Invariant.oneEnd.name]
        #expect(broken { $0.accepted.append(AcceptedTask(id: "lost")) } == rule)
        #expect(broken { $0.accepted[0].expected = [.validationFailed] } == rule)
        #expect(broken { $0.stored[1].type = "changes_pushed" } == rule)
        #expect(
            broken {
                $0.stored.append(Self.event("e3", 3, EventType.workflowFailed.rawValue))
                $0.record.tasks[0].lastSeq = 3
            } == rule)
    }

    @Test func `a completed task has one new branch with its commit, and nobody else has one`() {
        let rule = [Invariant.onePush.name]
        #expect(broken { $0.refUpdates = [] } == rule)
        #expect(broken { $0.refUpdates.append($0.refUpdates[0]) } == rule)
        #expect(broken { $0.refUpdates[0].new = String(repeating: "b", count: 40) } == rule)
        #expect(broken { $0.refUpdates[0].old = String(repeating: "b", count: 40) } == rule)
        #expect(
            broken { $0.refUpdates.append(RefUpdate(old: RefUpdate.none, new: "c", ref: "refs/heads/x")) } == rule)
    }

    @Test func `a model call is repeated only where a fault hit it, once for each fault`() {
        let rule = [Invariant.noCallTwice.name]
        #expect(broken { $0.disturbances = [] } == rule)
        #expect(
            broken {
                $0.disturbances[0].start += 3; $0.disturbances[0].end += 3
            } == rule)
        #expect(broken { $0.modelCalls.append($0.modelCalls[2]) } == rule)
        #expect(
            broken {
                $0.modelCalls.append($0.modelCalls[0])
                $0.modelCalls[0].isUsable = false
            } == [])
    }

    @Test func `a recorded reply is never asked for again, whatever fault there was`() {
        let rule = [Invariant.noRecordedCallAgain.name]
        #expect(broken { $0.record.steps[1].finished? -= 0.5 } == rule)
        #expect(broken { $0.record.steps[1].call = "call_other_0" } == rule)
    }

    @Test func `a reply is recorded once, and epochs never fall`() {
        #expect(broken { $0.record.steps[1].hash = "h1" } == [Invariant.noReplyRecordedTwice.name])
        #expect(broken { $0.record.steps[0].epoch = 3 } == [Invariant.epochsGrow.name])
    }

    @Test func `events come in order without gaps`() {
        let rule = [Invariant.eventsInOrder.name]
        #expect(
            broken {
                $0.stored.swapAt(0, 1); $0.stored.removeLast()
            } == rule)
        #expect(broken { $0.record.tasks[0].lastSeq = 3 } == rule)
        #expect(broken { $0.stored.removeAll { $0.seq == 1 } } == rule)
        #expect(
            broken {
                $0.stored.swapAt(0, 1); $0.stored.removeLast(); $0.lostStream = true
            } == [])
        #expect(
            broken {
                $0.stored.removeAll { $0.seq == 1 }; $0.lostStream = true
            } == rule)
    }

    @Test func `copies of an event are the same and bear its id`() {
        let rule = [Invariant.eventsTheSame.name]
        #expect(broken { $0.heard[0].payload = "other" } == rule)
        #expect(broken { $0.heard[0].messageID = "other" } == rule)
        #expect(broken { $0.heard.append(Self.event("e9", 2, "workflow_failed")) } == rule)
    }

    @Test func `a webhook arrives signed under its one id with one body that tells the truth`() {
        let rule = [Invariant.webhooks.name]
        #expect(broken { $0.webhooks = [] } == rule)
        #expect(
            broken {
                $0.webhooks.append($0.webhooks[0]); $0.webhooks[1].id = "other"
            } == rule)
        #expect(
            broken {
                $0.webhooks.append($0.webhooks[0]); $0.webhooks[1].body = "other"
            } == rule)
        #expect(broken { $0.webhooks[0].isVerified = false } == rule)
        #expect(broken { $0.webhooks[0].status = "stuck" } == rule)
    }

    @Test func `at rest nothing is left, and no process ended by itself`() {
        let rule = [Invariant.atRest.name]
        #expect(broken { $0.record.unpublished = 1 } == rule)
        #expect(broken { $0.record.leased = 1 } == rule)
        #expect(broken { $0.record.openRuns = 1 } == rule)
        #expect(broken { $0.record.webhooks[0].state = "ready" } == rule)
        #expect(broken { $0.leftovers = ["a process"] } == rule)
        #expect(broken { $0.unexpectedExits = ["coder"] } == [Invariant.noExit.name])
    }
}
