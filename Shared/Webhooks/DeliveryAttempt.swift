import FoundationEssentials

/// One attempt to deliver a webhook, as it is recorded.
package struct DeliveryAttempt: Sendable, Hashable {
    /// When it began; also the signed `webhook-timestamp`.
    package let startedAt: Date
    package let duration: Duration
    package let outcome: DeliveryOutcome
}
