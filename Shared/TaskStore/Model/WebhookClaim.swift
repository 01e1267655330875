/// What a bridge took, and whether more is due that it may not have yet.
package struct WebhookClaim: Sendable {
    package let deliveries: [WebhookDelivery]
    /// Whether messages are due that wait for a place.
    package let isHeldBack: Bool
    /// How many were given up because their endpoint wants no more: others may be due in their place.
    package let disabled: Int

    package init(deliveries: [WebhookDelivery], isHeldBack: Bool, disabled: Int = 0) {
        self.deliveries = deliveries
        self.isHeldBack = isHeldBack
        self.disabled = disabled
    }
}
