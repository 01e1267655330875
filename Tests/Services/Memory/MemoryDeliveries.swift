import Contracts
import Foundation
import Foundations
import Synchronization
import TestSupport

@testable import TaskStore
@testable import WebhookBridgeService
@testable import Webhooks

/// Deliveries as runs with leases in memory, by the ids of their messages.
final class MemoryDeliveries: DeliveryRecord, Sendable {
    struct Run {
        var url: String?
        var company = "acme"
        var attempts = 0
        var epoch = 0
        var isOpen = true
        var dueAt = Date.distantPast
        var leaseUntil: Date?
    }

    struct Recorded: Sendable {
        let id: String
        let outcome: WebhookOutcome
        let attempt: WebhookAttempt
        let endpoint: String?
    }

    private let runs: Mutex<[String: Run]>
    /// What was claimed, each time by ids.
    let claims = Recorder<[String]>()
    let recorded = Recorder<Recorded>()
    let extended = Recorder<Int>()
    /// What happens before an attempt is recorded.
    private let hook: @Sendable (MemoryDeliveries) throws -> Void

    init(_ runs: [String: Run] = [:], _ hook: @escaping @Sendable (MemoryDeliveries) throws -> Void = { _ in }) {
        self.runs = Mutex(runs)
        self.hook = hook
    }

    subscript(_ id: String) -> Run? { runs.withLock { $0[id] } }

    func change(_ id: String, _ body: (inout Run) -> Void) { runs.withLock { body(&$0[id, default: Run()]) } }

    static func body(of id: String) -> Data { Data("body of \(id)".utf8) }

    func claimWebhooks(
        owner: UUID, lease: Duration, places: WebhookPlaces, defaultURL: String?
    ) async throws -> WebhookClaim {
        let claim = runs.withLock { runs -> WebhookClaim in
            let now = Date()
            let due = runs.filter { id, run in
                run.isOpen && run.dueAt <= now && (run.leaseUntil ?? .distantPast) <= now && !places.ids.contains(id)
            }
            let candidates = due.sorted { $0.key < $1.key }.map { id, run in
                WebhookCandidate(id: id, company: run.company, endpoint: 7, dueAt: run.dueAt)
            }
            let chosen = places.choose(from: candidates)
            let deliveries = chosen.compactMap { id -> WebhookDelivery? in
                runs[id]?.epoch += 1
                runs[id]?.leaseUntil = now + lease.seconds
                return runs[id].map { $0.delivery(id, to: owner) }
            }
            return WebhookClaim(deliveries: deliveries, isHeldBack: chosen.count < due.count)
        }
        claims.record(claim.deliveries.map(\.id))
        return claim
    }

    func heartbeat(_ leases: [RunLease], lease: Duration) async throws -> [RunLease: HeartbeatReply] {
        extended.record(leases.count)
        return Dictionary(leases.map { ($0, HeartbeatReply()) }) { $1 }
    }

    func recordAttempt(
        _ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: WebhookAttempt, endpoint: String?
    ) async throws {
        try hook(self)
        try runs.withLock { runs in
            guard var run = runs[delivery.id], run.epoch == delivery.lease.epoch else { throw StoreError.leaseLost }
            run.attempts += 1
            run.leaseUntil = nil
            if case .retry(let delay) = outcome { run.dueAt = Date() + delay.seconds } else { run.isOpen = false }
            runs[delivery.id] = run
        }
        recorded.record(Recorded(id: delivery.id, outcome: outcome, attempt: attempt, endpoint: endpoint))
    }
}

extension MemoryDeliveries.Run {
    fileprivate func delivery(_ id: String, to owner: UUID) -> WebhookDelivery {
        WebhookDelivery(
            id: id, workflowID: UUID(), company: CompanyID(validated: company), url: url,
            payload: MemoryDeliveries.body(of: id), attempts: attempts, sinceFirstAttempt: .zero, createdAt: Date(),
            endpoint: 7, lease: RunLease(run: 1, owner: owner, epoch: epoch))
    }
}

/// Receivers of webhooks in memory.
final class MemoryReceivers: WebhookTransport, Sendable {
    struct Request: Sendable {
        let id: String
        let body: Data
        let url: String
        let secrets: Int
    }

    let requests = Recorder<Request>()
    private let answer: @Sendable (Request) async throws -> DeliveryOutcome

    /// - Parameter answer: What comes of a request.
    init(_ answer: @escaping @Sendable (Request) async throws -> DeliveryOutcome = { _ in .ok }) {
        self.answer = answer
    }

    func send(
        id: String, body: Data, to url: String, signedWith secrets: [Secret]
    ) async throws -> DeliveryAttempt {
        let request = Request(id: id, body: body, url: url, secrets: secrets.count)
        requests.record(request)
        return DeliveryAttempt(startedAt: Date(), duration: .milliseconds(3), outcome: try await answer(request))
    }
}

extension DeliveryOutcome {
    static let ok = DeliveryOutcome.answered(status: 200, retryAfter: nil, excerpt: "thanks")
}
