import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ServiceSupport
import TaskStore
import TestSupport
import Testing

/// One parent, whose three children the test does itself: two, and one that waits for both.
struct FamilyDrill {
    /// What a coordinator does for a parent, from its start to its end.
    enum Phase: String, CaseIterable {
        /// It has the children recorded.
        case spawn
        /// A child has ended and others run: it looks, and waits on.
        case wait
        /// The last child has ended.
        case end
    }

    static let lease: Duration = .seconds(2)

    /// How long a parent may stand still when its coordinator died: its lease; half a second until that is noticed; two and
    /// a half until what the dead left to publish is published; and two for the machine.
    static let patience = lease + .seconds(5)

    /// Where drills play: nobody but the test works on the children.
    static let platform: PlatformSettings = {
        var settings = PlatformSettings(
            roles: [], environment: ["LEASE_SECONDS": "\(lease.components.seconds)", "MAX_RETRIES": "20"])
        settings.kinds = [.notifier]
        return settings
    }()

    private static let children: [PlannedChild] = {
        var last = PlannedChild("c", .leaf)
        last.needs = ["a", "b"]
        return [PlannedChild("a", .leaf), PlannedChild("b", .leaf), last]
    }()

    /// Does something around what a phase begins with.
    typealias Frame = (Phase, () async throws -> Void) async throws -> Void

    /// How a parent stands.
    private struct Standing: Decodable {
        let epoch: Int
        let children: Int
        /// Nobody has to do anything for it.
        let isWaiting: Bool
        let hasEnded: Bool
    }

    private let platform: Platform
    private let goal: TaskRequest
    /// Of who works on the children: it tells their parent, and leaves it there.
    private let store: TaskStore

    init(on platform: Platform) async throws {
        self.platform = platform
        var draft = TaskDraft("goal", remote: "https://example.org/repository.git")
        var metadata: [String: JSONValue] = [:]
        try metadata.plan(Self.children)
        draft.task["metadata"] = .object(metadata)
        goal = try TaskRequest(draft.json)
        store = TaskStore(pool: platform.pool, settlesOthers: false)
    }

    /// Plays the whole life of the parent, and asks the record and the bus.
    func play(_ situation: Comment, _ around: @escaping Frame = { try await $1() }) async throws {
        let workflow = try await platform.record(goal)
        try await phase(.spawn, of: workflow, around) {}
        let (first, second) = (try await nextChild(), try await nextChild())
        try await phase(.wait, of: workflow, around) { try await finish(first) }
        try await finish(second)
        let last = try await nextChild()
        try await phase(.end, of: workflow, around) { try await finish(last) }
        try await check(workflow, situation)
    }

    /// Begins a phase, and waits until the coordinator is through with it.
    private func phase(
        _ phase: Phase, of workflow: UUID, _ around: @escaping Frame, _ begin: () async throws -> Void
    ) async throws {
        let before = try await standing(of: workflow)
        try await around(phase, begin)
        try await eventually("the parent is through with \(phase)", within: Self.patience) {
            let now = try await standing(of: workflow)
            return switch phase {
            case .spawn: now.children == Self.children.count && now.isWaiting
            case .wait: now.epoch > before.epoch && now.isWaiting
            case .end: now.hasEnded
            }
        }
    }

    private func standing(of workflow: UUID) async throws -> Standing {
        let rows = try await platform.rows(
            """
            select r.epoch, t.children, t.finished_at is not null as "hasEnded", r.state = 'held' and not exists (
                select from notices n where n.workflow_id = t.workflow_id and n.kind = 'ended') as "isWaiting"
            from tasks t join stage_runs r using (workflow_id) where r.slot = 'step' and t.workflow_id = \(workflow)
            """)
        return try #require(rows.first).decode()
    }

    // MARK: Children

    private func nextChild() async throws -> StageRun {
        try await Deadline.limit("a child is ready", within: Self.patience) { [store] () -> StageRun in
            while true {
                if let run = try await store.claim(.implementation, owner: UUID(), lease: .seconds(600)) { return run }
                try await Deadline.elapse(.milliseconds(10))
            }
        }
    }

    private func finish(_ child: StageRun) async throws {
        try await platform.bus.publish(try await store.finish(child.claim, with: StepResult(.succeeded)))
    }

    // MARK: Witnesses

    private func check(_ workflow: UUID, _ situation: Comment) async throws {
        let recorder = platform.log.events(of: goal.task.address.task.text)
        _ = try await recorder.first("the parent's last event", within: Self.patience) { $0.type.isTerminal }
        let events = recorder.elements.sorted { $0.event.seq < $1.event.seq }
        #expect(events.map(\.event.seq) == Array(1...events.count), situation)
        #expect(events.last?.type == .workflowCompleted, situation)
        for key in Self.children.map(\.key) {
            let told = events.filter { $0.details["key"]?.stringValue == key }.map(\.type)
            #expect(told == [.subtaskStarted, .subtaskEnded], situation)
        }
        try await eventually("nothing is left", within: Self.patience) { try await left(by: workflow).isEmpty }
        let ends = try await platform.rows(
            "select status from tasks where workflow_id = \(workflow) or parent = \(workflow)")
        #expect(ends.count == 1 + Self.children.count, situation)
        #expect(ends.allSatisfy { $0["status"] == "completed_no_changes" }, situation)
        let webhooks = try await platform.rows(
            """
            select w.workflow_id from webhook_messages w join tasks t using (workflow_id)
            where \(workflow) in (t.workflow_id, t.parent)
            """)
        #expect(webhooks.map { $0["workflow_id"]?.stringValue } == [workflow.text], situation)
    }

    private func left(by workflow: UUID) async throws -> [JSONValue] {
        try await platform.rows(
            """
            select r.workflow_id from stage_runs r join tasks t using (workflow_id)
                where r.slot = 'step' and r.finished_at is null and \(workflow) in (t.workflow_id, t.parent)
            union all select o.workflow_id from outbox o join tasks t using (workflow_id)
                where o.published_at is null and \(workflow) in (t.workflow_id, t.parent)
            union all select n.workflow_id from notices n where n.workflow_id = \(workflow)
            """)
    }
}
