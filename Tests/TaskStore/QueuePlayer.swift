import Contracts
import Database
import Foundation
import Foundations

@testable import TaskStore

/// Plays a random history on the stage queue and on its model, with two owners, and compares each answer.
struct QueuePlayer {
    enum Step: CaseIterable {
        case submit, claim, heartbeat, intent, release, fail, advance, expire, returnExpired, makeDue, limit
    }

    private static let steps = Step.allCases + [.submit, .submit, .claim, .claim, .claim, .advance, .expire]
    private static let companies = ["acme", "bolt", "cord"]

    private let fixture: Fixture
    private let owners = [UUID(), UUID()]
    private var model = QueueModel()
    private var claims: [Claim] = []
    private(set) var log: [String] = []

    init(fixture: Fixture) { self.fixture = fixture }

    /// Plays a step and returns whether it was more than a refusal.
    mutating func play(using generator: inout some RandomNumberGenerator) async throws -> Step {
        let step = Self.steps.randomElement(using: &generator) ?? .claim
        let claim =
            Int.random(in: 0..<4, using: &generator) == 0 ? claims.randomElement(using: &generator) : claims.last
        log.append("\(step)")
        switch step {
        case .submit: try await submit(using: &generator)
        case .claim: try await take(owners.randomElement(using: &generator) ?? owners[0])
        case .makeDue:
            try await fixture.run("update stage_runs set run_at = now() where state = 'ready'")
            model.makeDue()
        case .limit: try await limit(using: &generator)
        case .returnExpired: try await returnExpired()
        case .heartbeat, .intent, .release, .fail, .advance, .expire: if let claim { try await own(step, claim) }
        }
        return step
    }

    private mutating func submit(using generator: inout some RandomNumberGenerator) async throws {
        let company = Self.companies.randomElement(using: &generator) ?? "acme"
        let priority = Int.random(in: 1...10, using: &generator)
        let id = try await fixture.submit("t\(model.tasks.count)", company: company, priority: priority)
        model.submit(id, company: company, priority: priority)
    }

    private mutating func take(_ owner: UUID) async throws {
        let allowed = model.claimable
        let run = try await fixture.store.claim(.plan, owner: owner, lease: .seconds(3600))
        guard let run else { return try expect(allowed.isEmpty, "nothing was given of \(allowed.count)") }
        let id = run.key.workflowID
        try expect(allowed.contains(id), "what was given is not among \(allowed.count)")
        let epoch = model.claim(id)
        try expect(run.claim.epoch == epoch, "epoch \(run.claim.epoch), not \(epoch)")
        claims.append(run.claim)
    }

    private mutating func limit(using generator: inout some RandomNumberGenerator) async throws {
        let company = Self.companies.randomElement(using: &generator) ?? "acme"
        let limit = Bool.random(using: &generator) ? Int.random(in: 1...2, using: &generator) : nil
        if let limit {
            try await fixture.store.set(CompanyLimit(company: company, maxRunning: limit))
        } else {
            try await fixture.store.removeLimit(of: company)
        }
        model.limits[company] = limit
    }

    private mutating func returnExpired() async throws {
        _ = try await fixture.store.returnExpiredLeases()
        for (id, task) in model.tasks { if case .expired = task.state { model.set(id, .ready) } }
    }

    private mutating func own(_ step: Step, _ claim: Claim) async throws {
        let id = claim.key.workflowID
        let isOwner = model.owns(id, epoch: claim.epoch)
        if step == .expire {
            // Leases end one after the other, so that the first of them is known.
            try await fixture.run(
                "update stage_runs r set lease_until = clock_timestamp() where \(claim.isCurrent)")
            if isOwner { model.expire(id, epoch: claim.epoch) }
            return
        }
        let error = try await storeError { try await perform(step, claim) }
        try expect((error == nil) == isOwner, "\(step) of epoch \(claim.epoch): \(error.map { "\($0)" } ?? "done")")
        try expect(error == nil || error == .leaseLost, "\(step): \(error.map { "\($0)" } ?? "")")
        guard isOwner else { return }
        switch step {
        case .heartbeat, .intent: model.set(id, .leased(epoch: claim.epoch))
        case .release: model.set(id, .ready)
        case .fail: model.set(id, .delayed)
        default: model.set(id, .gone)
        }
    }

    private func perform(_ step: Step, _ claim: Claim) async throws {
        switch step {
        case .heartbeat: _ = try await fixture.store.heartbeat(claim, lease: .seconds(3600))
        case .intent:
            try await fixture.store.recordIntent(
                claim, step: log.count, kind: .modelCall, name: "m", requestHash: "h", lease: .seconds(3600))
        case .release: _ = try await fixture.store.release(claim)
        case .fail: _ = try await fixture.store.release(claim, after: .seconds(3600), error: "busy")
        default: _ = try await fixture.store.finish(claim)
        }
    }

    private func expect(_ condition: Bool, _ text: String) throws {
        guard condition else { throw Disagreement(description: "\(text) after \(log.joined(separator: ", "))") }
    }
}
