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
/// side by side and a message that was lost on the bus is found a second later.
package struct WebhookBridge: Service {
    package static let crashSteps: [CrashPoint.Step] = [.claim, .effect, .result, .ack]

    private static let places = 256

    private let events: [PermitSource]
    private let dispatcher: WebhookDispatcher
    private let owner: UUID
    private let lease: Duration
    private let admission: Admission
    /// How long it waits for an event before it looks by itself.
    private let interval: Duration
    private let bell = Doorbell()
    private let underWay: UnderWay

    package init(_ service: ServiceContext) throws {
        let source = service.settings.source
        let defaultURL = try source.text(.webhookURL)
        let policy = TargetPolicy(allowsPrivate: try source.bool(.webhookAllowPrivate))
        let dispatcher = WebhookDispatcher(
            record: service.store, transport: WebhookSender(policy: policy),
            secrets: try SigningSecrets(source, hasPlatformEndpoint: defaultURL != nil), defaultURL: defaultURL,
            metrics: service.metrics, logger: service.logger, crashPoints: service.crashPoints)
        self.init(
            dispatcher, ServiceKind.webhookBridge.row.consumers.map { PermitSource(service, consumer: $0) },
            owner: service.owner, lease: service.settings.lease, admission: service.admission)
    }

    /// - Parameters:
    ///   - events: What tells that workflows have ended.
    ///   - places: How many messages it delivers at a time.
    init(
        _ dispatcher: WebhookDispatcher, _ events: [PermitSource], owner: UUID, lease: Duration,
        admission: Admission = Admission(), interval: Duration = .seconds(1), places: Int = places
    ) {
        self.events = events
        self.dispatcher = dispatcher
        self.owner = owner
        self.lease = lease
        self.admission = admission
        self.interval = interval
        underWay = UnderWay(places: places)
    }

    private var metrics: MetricsRegistry { dispatcher.metrics }
    private var logger: Logger { dispatcher.logger }
    private var crashPoints: CrashPoints { dispatcher.crashPoints }

    package func run() async throws {
        if !dispatcher.secrets.areSeparate {
            logger.notice(
                "endpoints of all companies share WEBHOOK_SECRET, WEBHOOK_MASTER_KEY gives each a secret of its own")
        }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for source in events { group.addTask { await listen(source) } }
                group.addTask { await deliverUntilCancelled() }
                group.addTask { await holdLeases() }
            }
        }
    }

    private func listen(_ events: PermitSource) async {
        while !Task.isCancelled {
            guard let event = try? await events.next() else { continue }
            bell.ring()
            crashPoints.reach(.before(.ack))
            try? await event.acknowledge()
            crashPoints.reach(.after(.ack))
        }
    }

    /// Delivers what is due, side by side: a receiver that is slow holds up nobody else, see ``WebhookPlaces``.
    private func deliverUntilCancelled() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let claim = await claim()
                for delivery in claim.deliveries {
                    group.addTask {
                        await dispatcher.dispatch(delivery)
                        if underWay.remove(delivery.id) { bell.ring() }
                        metrics.set(.running, "webhook", to: Double(underWay.count))
                    }
                }
                if claim.disabled == 0 { try? await bell.wait(atMost: interval) }
            }
        }
    }

    /// A receiver may take its time: the leases of what is under way are extended until its outcome is recorded. What else
    /// a heartbeat tells is of the steps of a workflow: a delivery goes out whatever becomes of it.
    private func holdLeases() async {
        await Periodic.run(every: lease / 3, "webhook leases", logger) {
            _ = try await dispatcher.record.heartbeat(underWay.leases, lease: lease)
        }
    }

    private func claim() async -> WebhookClaim {
        guard admission.isOpen else { return WebhookClaim(deliveries: [], isHeldBack: false) }
        do {
            crashPoints.reach(.before(.claim))
            let claim = try await dispatcher.record.claimWebhooks(
                owner: owner, lease: lease, places: underWay.places, defaultURL: dispatcher.defaultURL)
            underWay.add(claim)
            metrics.count(.claims, "webhook", claim.deliveries.isEmpty ? "none" : "taken")
            metrics.set(.running, "webhook", to: Double(underWay.count))
            if !claim.deliveries.isEmpty { crashPoints.reach(.after(.claim)) }
            return claim
        } catch {
            if !Task.isCancelled {
                logger.warning("webhooks wait for another try", metadata: ["error": "\(error)"])
            }
            return WebhookClaim(deliveries: [], isHeldBack: false)
        }
    }
}
