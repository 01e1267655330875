import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import TaskStore
import Webhooks

/// Makes an attempt to deliver a message, and records it with what follows.
///
/// The rows are the journal: a claim is the intent of an attempt, and its row in `webhook_attempts` the result.
struct WebhookDispatcher: Sendable {
    let record: any DeliveryRecord
    let transport: any WebhookTransport
    let secrets: SigningSecrets
    /// Where messages go that name no URL.
    let defaultURL: String?
    let metrics: MetricsRegistry
    let logger: Logger
    var crashPoints = CrashPoints.none

    /// Never throws: what could not be recorded is repeated once the lease has ended.
    func dispatch(_ delivery: WebhookDelivery) async {
        do {
            if let url = delivery.url ?? defaultURL {
                try await send(delivery, to: url)
            } else {
                try await putAside(delivery)
            }
        } catch StoreError.leaseLost {
            metrics.count(.leaseLosses, "webhook")
            logger.notice("lease lost, another bridge delivers", metadata: ["webhook_id": "\(delivery.id)"])
        } catch is CancellationError {
            // The lease ends, and another bridge delivers it under the same id.
        } catch {
            logger.warning(
                "a delivery was not recorded, it will be repeated",
                metadata: ["webhook_id": "\(delivery.id)", "error": "\(error)"])
        }
    }

    private func send(_ delivery: WebhookDelivery, to url: String) async throws {
        let attempt = try await crashPoints.around(.effect) {
            try await transport.send(
                id: delivery.id, body: delivery.payload, to: url,
                signedWith: secrets.secrets(of: delivery.company, isNamed: delivery.url != nil))
        }
        let decision = DeliveryDecision(
            attempt.outcome, attempt: delivery.attempts + 1, elapsed: delivery.sinceFirstAttempt)
        let outcome = WebhookOutcome(decision)
        try await crashPoints.around(.result) {
            try await record.recordAttempt(delivery, outcome, WebhookAttempt(attempt), endpoint: url)
        }
        log(delivery, outcome, attempt)
        count(delivery, outcome, attempt)
    }

    private func putAside(_ delivery: WebhookDelivery) async throws {
        let reason = "no WEBHOOK_URL is set"
        let none = WebhookAttempt(statusCode: nil, error: reason, durationMilliseconds: 0)
        try await record.recordAttempt(delivery, .endpointDisabled(reason: reason), none, endpoint: nil)
    }

    private func count(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: DeliveryAttempt) {
        metrics.count(.webhookAttempts, outcome.name)
        metrics.observe(.webhookSeconds, value: attempt.duration.seconds)
        guard outcome == .delivered else { return }
        metrics.observe(.webhookDelay, value: max(0, -delivery.createdAt.timeIntervalSinceNow))
    }

    private func log(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: DeliveryAttempt) {
        let facts: Logger.Metadata = [
            "webhook_id": "\(delivery.id)", "workflow_id": "\(delivery.workflowID.text)",
            "attempt": "\(delivery.attempts + 1)", "outcome": "\(outcome)",
        ]
        if outcome == .delivered {
            logger.info("webhook delivered", metadata: facts)
        } else {
            logger.warning(
                "webhook not delivered", metadata: facts.merging(["error": "\(attempt.outcome.error ?? "")"]) { $1 })
        }
    }
}

extension WebhookOutcome {
    fileprivate init(_ decision: DeliveryDecision) {
        switch decision {
        case .delivered: self = .delivered
        case .retry(let delay): self = .retry(after: delay)
        case .dead: self = .dead
        case .disableEndpoint: self = .endpointDisabled(reason: "the receiver answered 410 Gone")
        }
    }

    /// For metrics.
    fileprivate var name: String {
        switch self {
        case .delivered: "delivered"
        case .retry: "retry"
        case .dead: "dead"
        case .endpointDisabled: "disabled"
        }
    }
}

extension WebhookAttempt {
    fileprivate init(_ attempt: DeliveryAttempt) {
        var excerpt: String?
        if case .answered(_, _, let text) = attempt.outcome { excerpt = text }
        self.init(
            statusCode: attempt.outcome.status, error: attempt.outcome.error,
            durationMilliseconds: attempt.duration.milliseconds, responseExcerpt: excerpt)
    }
}
