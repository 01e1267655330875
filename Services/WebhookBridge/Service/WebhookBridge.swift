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

    private let service: ServiceContext
    private let sender: WebhookSender
    /// Where messages go that name no URL.
    private let defaultURL: String?
    private let bell = Doorbell()
    private let slots = Slots(100)
    private let underWay = UnderWay()

    package init(_ service: ServiceContext) throws {
        let source = service.settings.source
        self.service = service
        defaultURL = try source.text("WEBHOOK_URL")
        let secrets = try source.list("WEBHOOK_SECRET", separator: " ").map { Secret($0) }
        do {
            sender = try WebhookSender(
                secrets: secrets, policy: TargetPolicy(allowsPrivate: try source.bool("WEBHOOK_ALLOW_PRIVATE")))
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError("WEBHOOK_SECRET", "\(error)")
        }
    }

    package func run() async throws {
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

    /// Delivers what is due, side by side: a receiver that is slow holds up nobody else.
    private func deliverUntilCancelled() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, let free = try? await slots.takeAll() {
                let due = await claim(atMost: free)
                slots.giveBack(free - due.count)
                for delivery in due {
                    underWay.add(delivery.id)
                    group.addTask {
                        await deliver(delivery)
                        underWay.remove(delivery.id)
                        slots.giveBack()
                    }
                }
                if due.count < free { try? await bell.wait(atMost: Self.interval) }
            }
        }
    }

    /// A receiver may take its time: the leases of what is under way are extended until its outcome is recorded.
    private func holdLeases() async {
        await Periodic.run(every: service.settings.lease / 3, "webhook leases", service.logger) {
            try await service.store.extendWebhookLeases(
                underWay.ids, owner: service.owner, lease: service.settings.lease)
        }
    }

    private func claim(atMost limit: Int) async -> [WebhookDelivery] {
        do {
            service.crashPoints.reach(.before(.claim))
            let due = try await service.store.claimWebhooks(
                owner: service.owner, lease: service.settings.lease, limit: limit, besides: underWay.ids,
                defaultURL: defaultURL)
            if !due.isEmpty { service.crashPoints.reach(.after(.claim)) }
            return due
        } catch {
            if !Task.isCancelled {
                service.logger.warning("webhooks wait for another try", metadata: ["error": "\(error)"])
            }
            return []
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
                try await sender.send(id: delivery.id, body: delivery.payload, to: url)
            }
            let outcome = WebhookOutcome(DeliveryDecision(attempt.outcome, attempt: delivery.attempts + 1))
            try await service.crashPoints.around(.result) {
                try await service.store.recordAttempt(delivery, outcome, WebhookAttempt(attempt), endpoint: url)
            }
            log(delivery, outcome, attempt)
        } catch is CancellationError {
            // The lease ends, and another bridge delivers it under the same id.
        } catch {
            service.logger.warning(
                "a delivery was not recorded, it will be repeated",
                metadata: ["webhook_id": "\(delivery.id)", "error": "\(error)"])
        }
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

extension WebhookAttempt {
    fileprivate init(_ attempt: DeliveryAttempt) {
        var excerpt: String?
        if case .answered(_, _, let text) = attempt.outcome { excerpt = text }
        self.init(
            statusCode: attempt.outcome.status, error: attempt.outcome.error,
            durationMilliseconds: attempt.duration.milliseconds, responseExcerpt: excerpt)
    }
}
