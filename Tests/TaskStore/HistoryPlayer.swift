import Contracts
import Database
import Flows
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Foundation has one too.
private typealias Progress = Flows.Progress

/// Plays one random step after the other on the store and on the model, and compares.
struct HistoryPlayer {
    private let fixture: Fixture
    private let workflowID: UUID
    private let taskAddress: TaskAddress
    private let flow: Flow
    private var model: Progress
    /// What the model adds to the progress: flags for the owner, and the claims that were ever given.
    private var cancelRequested = false
    private var pauseRequested = false
    private var generation = 0
    private var claims: [Claim] = []
    private var leaseIsLive = false
    /// How often a step had another begin afresh, by step and round.
    private var fresh: [String: Int] = [:]
    private(set) var log: [String] = []
    private(set) var agrees = true
    /// The steps that were not refused.
    private(set) var done: Set<Step> = []

    init(fixture: Fixture, task: String, using generator: inout some RandomNumberGenerator) async throws {
        self.fixture = fixture
        var request = request(try address(task, company: "company_\(task)"))
        request.delivery.approval = DeliverySettings.Approval.allCases.randomElement(using: &generator) ?? .none
        request.validation.maxRepairRounds = Int.random(in: 0...2, using: &generator)
        flow = .task(for: request)
        model = Progress(first: .plan)
        let outcome = try await fixture.store.submit(Submission(request: request, contentHash: "h"))
        guard case .accepted(let id, _) = outcome else { throw Fixture.Unexpected(outcome: "\(outcome)") }
        workflowID = id
        taskAddress = try address(task, company: "company_\(task)")
    }

    enum Step: CaseIterable {
        case claim, expire, heartbeat, release, succeed, fail, giveUp, stale, beginAfresh, end, emit
        case cancel, pause, resume, approve, reject, retry, returnExpired
    }

    /// What steps are drawn from: those that lead on, or matter together, more often.
    private static let steps =
        Step.allCases + [.claim, .claim, .claim, .expire, .returnExpired, .returnExpired, .retry]
        + Array(repeating: .succeed, count: 5)

    /// Plays a step. Returns whether the two still agree.
    mutating func step(using generator: inout some RandomNumberGenerator) async throws -> Bool {
        guard let step = Self.steps.randomElement(using: &generator) else { return false }
        // Mostly the newest claim; sometimes a zombie's.
        let claim =
            Int.random(in: 0..<4, using: &generator) == 0 ? claims.randomElement(using: &generator) : claims.last
        log.append("\(step)\(claim.map { "(\($0.key.stage) \($0.key.round) \($0.epoch))" } ?? "")")
        let before = (model, cancelRequested, pauseRequested, leaseIsLive)
        try await play(step, claim)
        if before != (model, cancelRequested, pauseRequested, leaseIsLive) { done.insert(step) }
        let record = try await fixture.record(workflowID)
        agrees =
            agrees && record.status == model.status && record.stage == model.stage && record.round == model.round
            && record.generation == generation && record.cancelRequested == cancelRequested
            && record.pauseRequested == pauseRequested
        log.append("-> \(record.status.rawValue) \(record.stage) \(record.round), model \(model)")
        return agrees
    }

    private mutating func play(_ step: Step, _ claim: Claim?) async throws {
        switch step {
        case .claim: try await self.claim()
        case .expire: try await expire()
        case .returnExpired: try await returnExpired()
        case .cancel: try await cancel()
        case .pause: try await pause()
        case .resume: try await resume()
        case .approve, .reject, .retry: try await decide(step)
        case .heartbeat, .release, .succeed, .fail, .giveUp, .stale, .beginAfresh, .end, .emit:
            if let claim { try await own(step, claim) }
        }
    }

    private mutating func expect(_ condition: Bool, _ text: String) {
        guard !condition else { return }
        agrees = false
        log.append("DISAGREES: \(text)")
    }

    private func applied(_ transitions: Progress.Transition...) -> Progress? {
        try? transitions.reduce(model) { try $0.applying($1) }
    }

    // MARK: Owners

    private mutating func claim() async throws {
        let kind = try #require(flow[model.stage]?.kind)
        let run = try await fixture.store.claim(kind, owner: UUID(), lease: .seconds(3600))
        let isFree = model.status == .queued || (model.status == .running && !leaseIsLive)
        let expected = isFree && !cancelRequested && !pauseRequested ? applied(.claim) : nil
        expect((run == nil) == (expected == nil), "claim")
        guard let run, let expected else { return }
        expect(run.claim.epoch == expected.epoch && run.key.workflowID == workflowID, "epoch \(run.claim.epoch)")
        model = expected
        claims.append(run.claim)
        leaseIsLive = true
    }

    private mutating func expire() async throws {
        try await fixture.run(
            "update stage_runs set lease_until = now() where workflow_id = \(workflowID) and state = 'leased'")
        leaseIsLive = false
    }

    private mutating func returnExpired() async throws {
        _ = try await fixture.store.returnExpiredLeases()
        guard model.status == .running, !leaseIsLive else { return }
        settle(cancelRequested ? [.end(.cancelled, epoch: model.epoch)] : [.release(epoch: model.epoch)])
    }

    /// Applies the owner's transition, with the pause that was asked for.
    private mutating func settle(_ transitions: [Progress.Transition]) {
        guard var next = try? transitions.reduce(model, { try $0.applying($1) }) else { return }
        if pauseRequested, next.status == .queued { next = (try? next.applying(.pause)) ?? next }
        model = next
        (cancelRequested, pauseRequested, leaseIsLive) = (false, false, false)
    }

    private mutating func own(_ step: Step, _ claim: Claim) async throws {
        let isCurrent =
            claim == claims.last && model.status == .running && claim.epoch == model.epoch
            && claim.key.stage == model.stage && claim.key.round == model.round && claim.key.generation == generation
        let wanted = transition(step, claim)
        let place = "\(claim.key.stage) \(claim.key.round)"
        let isFresh = step == .beginAfresh || step == .stale && wanted != nil
        let isTooOften = isFresh && fresh[place, default: 0] >= TaskStore.freshBeginnings
        let isPossible = cancelRequested || !isTooOften && (outcome(of: step) == nil || wanted != nil)
        let error = try await storeError { try await perform(step, claim) }
        expect((error == nil) == (isCurrent && isPossible), "\(step): \(String(describing: error))")
        if !isCurrent { expect(error == .leaseLost, "\(step) of a zombie: \(String(describing: error))") }
        guard error == nil else { return }
        done.insert(step)
        if step == .heartbeat { leaseIsLive = true }
        let isEffective = wanted != nil || outcome(of: step) != nil
        if isEffective, cancelRequested, step != .end { return settle([.end(.cancelled, epoch: claim.epoch)]) }
        guard let wanted else { return }
        if isFresh {
            fresh[place, default: 0] += 1
            generation += 1
        }
        settle([wanted])
    }

    private func outcome(of step: Step) -> Outcome? {
        switch step {
        case .succeed: .succeeded
        case .fail: .failed
        case .giveUp: .unrepairable
        case .stale: .stale
        default: nil
        }
    }

    private func transition(_ step: Step, _ claim: Claim) -> Progress.Transition? {
        if let outcome = outcome(of: step) {
            return flow.next(after: outcome, of: claim.key.stage, round: claim.key.round).map {
                .finish($0, epoch: claim.epoch)
            }
        }
        return switch step {
        case .release: .release(epoch: claim.epoch)
        case .beginAfresh: .beginAfresh(epoch: claim.epoch)
        case .end: .end(.stuck, epoch: claim.epoch)
        default: nil
        }
    }

    private func perform(_ step: Step, _ claim: Claim) async throws {
        if let outcome = outcome(of: step) {
            let output = claim.key.stage == .validation ? evidence(workflowID) : nil
            try await fixture.store.finish(claim, outcome, output: output)
            return
        }
        switch step {
        case .release: _ = try await fixture.store.release(claim)
        case .beginAfresh: _ = try await fixture.store.beginAfresh(claim, because: "r")
        case .end: _ = try await fixture.store.end(claim, as: .stuck)
        case .heartbeat: _ = try await fixture.store.heartbeat(claim, lease: .seconds(3600))
        default: _ = try await fixture.store.emit(claim, [EventDraft(type: .repoCloned, message: "m", details: [:])])
        }
    }

    // MARK: People

    private func isAccepted(_ request: ControlRequest) async throws -> Bool {
        if case .accepted = try await fixture.store.control(taskAddress, request) { true } else { false }
    }

    private mutating func cancel() async throws {
        let isAccepted = try await isAccepted(.cancel)
        if model.status == .ended(.cancelled) { return expect(isAccepted, "cancel again") }
        let isOwned = model.status == .running && leaseIsLive
        let expected = applied(.end(.cancelled, epoch: nil))
        expect(isAccepted == (expected != nil), "cancel")
        guard let expected else { return }
        if isOwned {
            cancelRequested = true
        } else {
            (model, cancelRequested, pauseRequested) = (expected, false, false)
        }
    }

    private mutating func pause() async throws {
        let isAccepted = try await isAccepted(.pause)
        if model.status == .paused { return expect(isAccepted, "pause again") }
        let expected = applied(.pause)
        expect(isAccepted == (expected != nil), "pause")
        guard let expected else { return }
        if model.status == .running, leaseIsLive {
            pauseRequested = true
        } else {
            let isCancelled = model.status == .running && cancelRequested
            model = isCancelled ? applied(.end(.cancelled, epoch: nil)) ?? model : expected
            (cancelRequested, pauseRequested) = (false, false)
        }
    }

    private mutating func resume() async throws {
        let isAccepted = try await isAccepted(.resume)
        switch model.status {
        case .running:
            expect(isAccepted, "resume of a running one")
            if leaseIsLive { pauseRequested = false }
        case .queued: expect(isAccepted, "resume of a queued one")
        default:
            let expected = applied(.resume)
            expect(isAccepted == (expected != nil), "resume")
            if let expected { model = expected }
        }
    }

    private mutating func decide(_ step: Step) async throws {
        switch step {
        case .approve:
            let isAccepted = try await isAccepted(.approve)
            guard let expected = applied(.approve) else { return }
            expect(isAccepted, "approve")
            model = expected
        case .reject:
            let isAccepted = try await isAccepted(.reject)
            guard model.status == .awaitingApproval, let expected = applied(.end(.rejected, epoch: nil)) else {
                return expect(isAccepted == (model.status == .ended(.rejected)), "reject")
            }
            expect(isAccepted, "reject")
            model = expected
        default:
            let isAccepted = try await isAccepted(.retry)
            guard let expected = applied(.retry) else {
                return expect(isAccepted == (!model.status.isTerminal && generation > 0), "retry")
            }
            expect(isAccepted, "retry")
            model = expected
            generation += 1
        }
    }
}
