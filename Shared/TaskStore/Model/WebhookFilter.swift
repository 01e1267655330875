import Foundations

/// Which webhook messages to list.
package struct WebhookFilter: Sendable {
    /// The most messages of one page.
    package static let maxLimit = 200

    package var company: CompanyID?
    /// Whether those that were delivered are wanted too.
    package var includesDelivered: Bool
    /// The `webhook-id` that the page before ended with.
    package var after: String?
    /// 1 to ``maxLimit``.
    package var limit: Int

    package init(
        company: CompanyID? = nil, includesDelivered: Bool = false, after: String? = nil, limit: Int = 50
    ) {
        self.company = company
        self.includesDelivered = includesDelivered
        self.after = after
        self.limit = min(max(1, limit), Self.maxLimit)
    }
}
