import FoundationEssentials
import Foundations
import TaskStore
import Webhooks

/// What a bridge needs of the record: deliveries as runs with leases.
protocol DeliveryRecord: Sendable {
    func claimWebhooks(
        owner: UUID, lease: Duration, places: WebhookPlaces, defaultURL: String?
    ) async throws -> WebhookClaim
    func heartbeat(_ leases: [RunLease], lease: Duration) async throws -> [RunLease: HeartbeatReply]
    func recordAttempt(
        _ delivery: WebhookDelivery, _ outcome: WebhookOutcome, _ attempt: WebhookAttempt, endpoint: String?
    ) async throws
}

/// The way to the receivers: one attempt a call.
protocol WebhookTransport: Sendable {
    func send(
        id: String, body: Data, to url: String, signedWith secrets: [Secret]
    ) async throws -> DeliveryAttempt
}

extension TaskStore: DeliveryRecord {}
extension WebhookSender: WebhookTransport {}
