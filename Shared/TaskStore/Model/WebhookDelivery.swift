import Database
import FoundationEssentials
import Foundations

/// A webhook message whose delivery a bridge holds the lease of.
package struct WebhookDelivery: Sendable, Hashable {
    /// The `webhook-id`, the same in every attempt.
    package let id: String
    package let workflowID: UUID
    package let company: CompanyID
    /// The request's URL; `nil` means the platform's endpoint.
    package let url: String?
    /// The exact bytes of the body.
    package let payload: Data
    /// How many attempts were made before.
    package let attempts: Int
    /// How long ago the first attempt was; zero if there was none.
    package let sinceFirstAttempt: Duration
    package let createdAt: Date
    /// Where it takes the turn of its company, see ``WebhookPlaces``.
    let endpoint: Int64
    package let lease: RunLease
}

extension WebhookDelivery {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), workflowID: try row.get("workflow_id"), company: try row.get("company_id"),
            url: try row.get("url"), payload: Data(try row.get("payload", as: String.self).utf8),
            attempts: try row.get("attempts"), sinceFirstAttempt: .seconds(try row.get("elapsed", as: Double.self)),
            createdAt: try row.get("created_at"), endpoint: try row.get("endpoint"),
            lease: RunLease(run: try row.get("run_id"), owner: try row.get("owner"), epoch: try row.get("epoch")))
    }
}
