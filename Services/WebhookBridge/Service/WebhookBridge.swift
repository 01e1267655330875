import Contracts
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TaskStore
import Webhooks

/// Delivers the webhook messages that ended workflows left in the record.
///
/// A terminal event only wakes it: what is due, and who may deliver it, decides the record, so several bridges work
/// side by side and a message that was lost on the bus is found a second later. The rows are the journal: a claim is the
/// intent of an attempt, and its row in `webhook_attempts` the result.
package struct WebhookBridge: Service {
    package static let crashSteps: [CrashPoint.Step] = [.claim, .effect, .result, .ack]

    private static let interval: Duration = .seconds(1)
    private static let places = 256

    private let service: ServiceContext
    private let sender: WebhookSender
    private let secrets: SigningSecrets
    /// Where messages go that name no URL.
    private let defaultURL: String?
    private let bell = Doorbell()
    private let underWay = UnderWay(places: places)

    package init(_ service: ServiceContext) throws {
        let source = service.settings.source
        self.service = service
        defaultURL = try source.text(.webhookURL)
        secrets = try SigningSecrets(source, hasPlatformEndpoint: defaultURL != nil)
        sender = WebhookSender(policy: TargetPolicy(allowsPrivate: try source.bool(.webhookAllowPrivate)))
    }

    package func run() async throws {
        if !secrets.areSeparate {
            service.logger.notice(
                "endpoints of all companies share WEBHOOK_SECRET, WEBHOOK_MASTER_KEY gives each a secret of its own")
        }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for consumer in [StreamNames.webhookCompleted, StreamNames.webhookFailed] {
                    group.addTask { await listen(PermitSource(service, consumer: consumer)) }
                }
                group.addTask { await deliverUntilCancelled() }
                group.addTask { await holdLeases() }
            }
        }
    }

    private func listen(_ events: PermitSource) async {
        while !Task.isCancelled {
            guard let event = try? await events.next() else { continue }
            bell.ring()
            service.crashPoints.reach(.before(.ack))
            try? await event.acknowledge()
            service.crashPoints.reach(.after(.ack))
        }
    }

    /// Delivers what is due, side by side: a receiver that is slow holds up nobody else, see ``WebhookPlaces``.
    private func deliverUntilCancelled() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let claim = await claim()
                for delivery in claim.deliveries {
                    group.addTask {
                        await deliver(delivery)
                        if underWay.remove(delivery.id) { bell.ring() }
                        service.metrics.set(.running, "webhook", to: Double(underWay.count))
                    }
                }
                if claim.disabled == 0 { try? await bell.wait(atMost: Self.interval) }
            }
        }
    }

    /// A receiver may take its time: the leases of what is under way are extended until its outcome is recorded.
    private func holdLeases() async {
        await Periodic.run(every: service.settings.lease / 3, "webhook leases", service.logger) {
            try await service.store.extendWebhookLeases(
                underWay.places.ids, owner: service.owner, lease: service.settings.lease)
        }
    }

    private func claim() async -> WebhookClaim {
        do {
            service.crashPoints.reach(.before(.claim))
            let claim = try await service.store.claimWebhooks(
                owner: service.owner, lease: service.settings.lease, places: underWay.places, defaultURL: defaultURL)
            underWay.add(claim)
            service.metrics.count(.claims, "webhook", claim.deliveries.isEmpty ? "none" : "taken")
            service.metrics.set(.running, "webhook", to: Double(underWay.count))
            if !claim.deliveries.isEmpty { service.crashPoints.reach(.after(.claim)) }
            return claim
        } catch {
            if !Task.isCancelled {
                service.logger.warning("webhooks wait for another try", metadata: ["error": "\(error)"])
            }
            return WebhookClaim(deliveries: [], isHeldBack: false)
        }
    }

    private func deliver(_ delivery: WebhookDelivery) async {
        do {
            guard let url = delivery.url ?? defaultURL else {
                let none = WebhookAttempt(
                    statusCode: nil, error: "no WEBHOOK_URL is set", durationMilliseconds: 0)
                return try await service.store.recordAttempt(
                    delivery, .endpointDisabled(reason: "no WEBHOOK_URL is set"), none, endpoint: nil)
            }
            let attempt = try await service.crashPoints.around(.effect) {
                try await sender.send(
                    id: delivery.id, body: delivery.payload, to: url,
                    signedWith: secrets.secrets(of: delivery.company, isNamed: delivery.url != nil))
            }
            let decision = DeliveryDecision(
                attempt.outcome, attempt: delivery.attempts + 1, elapsed: delivery.sinceFirstAttempt)
            let outcome = WebhookOutcome(decision)
            try await service.crashPoints.around(.result) {
                try await service.store.recordAttempt(delivery, outcome, WebhookAttempt(attempt), endpoint: url)
            }
            log(delivery, outcome, attempt)
            count(delivery, outcome, attempt)
        } catch StoreError.leaseLost {
            service.metrics.count(.leaseLosses, "webhook")
            service.logger.notice("lease lost, another bridge delivers", metadata: ["webhook_id": "\(delivery.id)"])
        } catch is CancellationError {
            // The lease ends, and another bridge delivers it under the same id.
        } catch {
            service.logger.warning(
                "a delivery was not recorded, it will be repeated",
                metadata: ["webhook_id": "\(delivery.id)", "error": "\(error)"])
        }
    }

    private func count(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: DeliveryAttempt) {
        service.metrics.count(.webhookAttempts, outcome.name)
        service.metrics.observe(.webhookSeconds, value: attempt.duration.seconds)
        guard outcome == .delivered else { return }
        service.metrics.observe(.webhookDelay, value: max(0, -delivery.createdAt.timeIntervalSinceNow))
    }

    private func log(_ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: DeliveryAttempt) {
        let facts: Logger.Metadata = [
            "webhook_id": "\(delivery.id)", "workflow_id": "\(delivery.workflowID.text)",
            "attempt": "\(delivery.attempts + 1)", "outcome": "\(outcome)",
        ]
        if outcome == .delivered {
            service.logger.info("webhook delivered", metadata: facts)
        } else {
            service.logger.warning(
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
}

extension WebhookOutcome {
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
