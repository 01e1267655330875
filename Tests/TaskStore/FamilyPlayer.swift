import Contracts
import Database
import Flows
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Plays a random history of a parent, its children and theirs on the record and on the model, and compares all of it
/// after each step. Nobody settles but the step that does: what is told comes late.
struct FamilyPlayer {
    enum Step: CaseIterable {
        case claim, spawn, wait, succeed, fail, release, heartbeat, expire, returnExpired, settle
        case cancel, pause, resume, retry
    }

    /// What is drawn from: what leads on comes more often.
    private static let steps: [Step] =
        Step.allCases + [
            .claim, .claim, .claim, .claim, .claim, .claim, .spawn, .spawn, .wait, .settle, .settle, .settle, .succeed,
            .succeed, .succeed, .retry,
        ]
    private static let kinds = [StepKind.coordinate, .implementation]

    /// A child that is planned, and its own children.
    private struct Part {
        let key: String
        var needs: [String] = []
        var parts: [Part] = []
    }

    private let fixture: Fixture
    /// Tells others, and leaves it to them.
    private let store: TaskStore
    /// What a task spawns, by its id.
    private let plans: [String: [Part]]
    private let goal: UUID
    private var addresses: [UUID: TaskAddress]
    private var model = FamilyModel()
    private var runs: [StageRun] = []
    /// The workflows whose leases ended, in this order.
    private var expired: [UUID] = []
    private(set) var log: [String] = []
    /// The steps that were not refused.
    private(set) var done: Set<Step> = []

    init(fixture: Fixture, using generator: inout some RandomNumberGenerator) async throws {
        self.fixture = fixture
        let store = TaskStore(pool: fixture.pool, settlesOthers: false)
        self.store = store
        plans = Self.plans(using: &generator)
        let address = try TaskStoreTests.address("goal")
        let submission = Submission(request: request(address), contentHash: "goal", flow: Family.coordinating)
        guard case .accepted(let id, _) = try await store.submit(submission) else {
            throw Fixture.Unexpected(outcome: "not accepted")
        }
        goal = id
        addresses = [id: address]
        model.add(id, Self.member(.coordinate, key: ""))
    }

    private static func plans(using generator: inout some RandomNumberGenerator) -> [String: [Part]] {
        func needs(_ earlier: [String]) -> [String] {
            earlier.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
        }
        let nested = [Part(key: "x"), Part(key: "y", needs: needs(["x"]))]
        let all = [
            Part(key: "a"), Part(key: "b", needs: needs(["a"])),
            Part(key: "n", needs: needs(["a", "b"]), parts: nested),
        ]
        let chosen = Array(all.prefix(Int.random(in: 1...3, using: &generator)))
        return ["goal": chosen, "goal--n": nested]
    }

    private static func member(
        _ kind: StepKind, parent: UUID? = nil, key: String, needs: Set<UUID> = []
    ) -> FamilyModel.Member {
        let stage = kind == .coordinate ? Stage(validated: "children") : .implementation
        return FamilyModel.Member(
            kind: kind, parent: parent, key: key, needs: needs, progress: Flows.Progress(first: stage),
            run: needs.isEmpty ? .ready : .held)
    }

    private func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws {
        guard condition else { throw Disagreement(description: "\(text()) after \(log.joined(separator: ", "))") }
    }

    /// Plays a step.
    mutating func play(using generator: inout some RandomNumberGenerator) async throws {
        guard let step = Self.steps.randomElement(using: &generator) else { return }
        // Mostly the newest claim; sometimes another, which may be a zombie's.
        let run = Int.random(in: 0..<3, using: &generator) == 0 ? runs.randomElement(using: &generator) : runs.last
        let ids = addresses.keys.sorted { $0.text < $1.text }
        let id = ids.randomElement(using: &generator) ?? goal
        switch step {
        case .claim: try await claim(Self.kinds.randomElement(using: &generator) ?? .coordinate)
        case .expire: if let run { try await expire(run) }
        case .returnExpired: try await returnExpired()
        case .settle: try await settle(Bool.random(using: &generator) ? 1 : TaskStore.wave)
        case .cancel, .pause, .resume, .retry: try await control(step, id)
        case .spawn, .wait, .succeed, .fail, .release, .heartbeat: if let run { try await own(step, run) }
        }
    }

    /// Plays on, as good owners and people who want it done would, until nobody has anything to do: whatever was
    /// before, nothing waits for ever and nothing is left.
    mutating func playToRest() async throws {
        for _ in 0..<40 {
            try await settle(TaskStore.wave)
            guard model.members.contains(where: { !$0.value.status.isTerminal }) else {
                return try expect(model.notices.isEmpty, "notices are left")
            }
            for (id, member) in model.members where member.status == .paused { try await control(.resume, id) }
            for run in runs where model.owns(run.key.workflowID, epoch: run.claim.epoch) { try await expire(run) }
            try await returnExpired()
            for kind in Self.kinds {
                while let run = try await claim(kind) { try await own(goodStep(of: run), run) }
            }
        }
        try expect(false, "somebody waits for ever")
    }

    /// What the handler of a step would do now.
    private func goodStep(of run: StageRun) -> Step {
        let id = run.key.workflowID
        guard model.members[id]?.kind == .coordinate else { return .succeed }
        let children = model.children(of: id)
        guard children.count == plans[run.record.address.task.text]?.count else { return .spawn }
        return children.contains { !$0.value.status.isTerminal } ? .wait : .succeed
    }

    // MARK: Steps

    @discardableResult
    private mutating func claim(_ kind: StepKind) async throws -> StageRun? {
        let allowed = model.claimable(kind)
        let run = try await store.claim(kind, owner: UUID(), lease: .seconds(3600))
        log.append("claim \(kind) \(run.map { "of \($0.record.address.task) \($0.claim.epoch)" } ?? "of none")")
        guard let run else {
            try expect(allowed.isEmpty, "nothing was given of \(allowed.count)")
            return nil
        }
        try expect(allowed.contains(run.key.workflowID), "what was given is not among \(allowed.count)")
        let epoch = try model.claim(run.key.workflowID)
        try expect(run.claim.epoch == epoch, "epoch \(run.claim.epoch), not \(epoch)")
        runs.append(run)
        try await compare(.claim)
        return run
    }

    private mutating func expire(_ run: StageRun) async throws {
        log.append("expire \(run.record.address.task) \(run.claim.epoch)")
        try await fixture.run("update stage_runs r set lease_until = clock_timestamp() where \(run.claim.isCurrent)")
        let id = run.key.workflowID
        guard model.owns(id, epoch: run.claim.epoch) else { return }
        model.set(id, .expired)
        expired = expired.filter { $0 != id } + [id]
        try await compare(.expire)
    }

    private mutating func returnExpired() async throws {
        log.append("return what expired")
        _ = try await store.returnExpiredLeases()
        let left = expired.filter { model.members[$0]?.run == .expired }
        for id in left { try model.giveBack(id) }
        try await compare(left.isEmpty ? nil : .returnExpired)
    }

    private mutating func settle(_ count: Int) async throws {
        log.append("settle \(count)")
        let isMore = !model.notices.isEmpty
        _ = try await fixture.store.settleTold(limit: count)
        try model.settle(count)
        try await compare(isMore ? .settle : nil)
    }

    private mutating func control(_ step: Step, _ id: UUID) async throws {
        guard let address = addresses[id] else { return }
        log.append("\(step) \(address.task)")
        let request: ControlRequest
        let expected: Bool
        switch step {
        case .cancel: (request, expected) = (.cancel, model.cancel(id))
        case .pause: (request, expected) = (.pause, try model.pause(id))
        case .resume: (request, expected) = (.resume, try model.resume(id))
        default: (request, expected) = (.retry, try model.retry(id))
        }
        var isAccepted = false
        if case .accepted = try await store.control(address, request) { isAccepted = true }
        try expect(isAccepted == expected, "accepted: \(isAccepted)")
        try await compare(expected ? step : nil)
    }

    private mutating func own(_ step: Step, _ run: StageRun) async throws {
        let id = run.key.workflowID
        log.append("\(step) \(run.record.address.task) \(run.claim.epoch)")
        let isOwner = model.owns(id, epoch: run.claim.epoch)
        let error = try await storeError { try await perform(step, run) }
        let expected: StoreError? = try await isOwner ? follow(step, run) : .leaseLost
        try expect(error == expected, "\(error.map { "\($0)" } ?? "done")")
        try await compare(error == nil ? step : nil)
    }

    private func perform(_ step: Step, _ run: StageRun) async throws {
        switch step {
        case .spawn: _ = try await store.spawn(run.claim, try children(of: run))
        case .wait: _ = try await store.wait(run.claim)
        case .release: _ = try await store.release(run.claim)
        case .succeed: try await store.finish(run.claim)
        case .fail where run.key.stage == .implementation: _ = try await store.end(run.claim, as: .stuck)
        case .fail: try await store.finish(run.claim, .failed)
        default:
            let reply = try await store.heartbeat(run.claim, lease: .seconds(3600))
            let (id, member) = (run.key.workflowID, model.members[run.key.workflowID])
            let rests = member?.pauseRequested == true || model.restsWithAncestor(id)
            try expect(
                reply.cancelRequested == member?.cancelRequested && reply.pauseRequested == rests, "told \(reply)")
        }
    }

    /// What the model makes of an owner's step. Returns why it is refused.
    private mutating func follow(_ step: Step, _ run: StageRun) async throws -> StoreError? {
        let id = run.key.workflowID
        switch step {
        case .spawn:
            try await addChildren(of: run)
            return try model.wait(id)
        case .wait: return try model.wait(id)
        case .release: try model.giveBack(id)
        case .succeed: model.finish(id, as: .completedNoChanges)
        case .fail where run.key.stage == .implementation: model.fail(id, as: .stuck)
        case .fail: model.finish(id, as: .validationFailed)
        default: model.set(id, .leased)
        }
        return nil
    }

    private func children(of run: StageRun) throws -> [ChildTask] {
        let task = run.record.address.task.text
        return try (plans[task] ?? []).map { part in
            ChildTask(
                try #require(TaskID(part.key)), id: try #require(TaskID("\(task)--\(part.key)")), of: run.request,
                dependsOn: part.needs.compactMap { TaskID("\(task)--\($0)") },
                flow: { _ in part.parts.isEmpty ? Family.single : Family.coordinating })
        }
    }

    /// Gives the model the children that it lacks, under the ids that the record gave them.
    private mutating func addChildren(of run: StageRun) async throws {
        let (id, parts) = (run.key.workflowID, plans[run.record.address.task.text] ?? [])
        guard model.members[id]?.cancelRequested == false, model.children(of: id).isEmpty else { return }
        var ids: [String: UUID] = [:]
        for part in parts {
            let place = try address("\(run.record.address.task)--\(part.key)")
            let child: UUID? = try await fixture.value(
                "select workflow_id as value from tasks where parent = \(id) and task_id = \(place.task)")
            guard let child else { continue }
            ids[part.key] = child
            addresses[child] = place
        }
        for part in parts {
            guard let child = ids[part.key] else { continue }
            let kind = part.parts.isEmpty ? StepKind.implementation : .coordinate
            let needs = Set(part.needs.compactMap { ids[$0] })
            model.add(child, Self.member(kind, parent: id, key: part.key, needs: needs))
            if !part.needs.isEmpty { model.tell(child, FamilyModel.Told(kind: .look)) }
        }
    }

    // MARK: Comparing

    /// - Parameter step: Was more than a refusal.
    private mutating func compare(_ step: Step?) async throws {
        if let step { done.insert(step) }
        try await compare(model.members.mapValues(\.text), Self.rows)
        try await compare(model.notices.mapValues { $0.map(\.text).joined(separator: ", ") }, Self.told)
        let events = model.events.mapValues { $0.joined(separator: ", ") }.filter { !$0.value.isEmpty }
        try await compare(events, Self.events)
    }

    private func compare(_ expected: [UUID: String], _ query: SQL) async throws {
        let found = try await fixture.pool.withConnection { connection -> [UUID: String] in
            let rows = try connection.execute(query).map {
                (try $0.get("workflow_id", as: UUID.self), try $0.get("text", as: String.self))
            }
            return Dictionary(rows) { first, _ in first }
        }
        guard found != expected else { return }
        let ids = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }
        let differences = ids.map { id in
            "\(addresses[id]?.task.text ?? id.text) is [\(found[id] ?? "")], not [\(expected[id] ?? "")]"
        }
        try expect(false, differences.sorted().joined(separator: "; "))
    }

    private static let rows: SQL = """
        select workflow_id, concat_ws(' ', t.status,
            case when r.state in ('done', 'cancelled') then 'closed'
                when r.state = 'leased' and r.lease_until < now() then 'expired' else r.state end,
            r.epoch, t.generation, case when t.cancel_requested then 'cancel' end,
            case when t.pause_requested then 'pause' end) as text
        from tasks t join stage_runs r using (workflow_id, generation)
        """

    private static let told: SQL = """
        select workflow_id, string_agg(concat_ws(' ', kind, child_key, child_status), ', ' order by id) as text
        from notices group by workflow_id
        """

    private static let events: SQL = """
        select workflow_id, string_agg(concat_ws(' ', payload::jsonb ->> 'notification_type',
            payload::jsonb #>> '{details,key}', payload::jsonb #>> '{details,status}'), ', ' order by id) as text
        from outbox where payload::jsonb ->> 'notification_type' in ('subtask_started', 'subtask_ended')
        group by workflow_id
        """
}
