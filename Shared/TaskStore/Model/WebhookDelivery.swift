import Database
import FoundationEssentials
import Foundations

/// A webhook message that a bridge holds the lease of.
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
    /// Whose turn it takes, and where, see ``WebhookPlaces``.
    let turn: String
    let endpoint: Int64
    let owner: UUID
    let epoch: Int

    init(_ row: Row) throws {
        id = try row.get("id")
        workflowID = try row.get("workflow_id")
        company = try row.get("company")
        url = try row.get("url")
        payload = Data(try row.get("payload", as: String.self).utf8)
        attempts = try row.get("attempts")
        sinceFirstAttempt = .seconds(try row.get("elapsed", as: Double.self))
        createdAt = try row.get("created_at")
        turn = try row.get("company_id")
        endpoint = try row.get("endpoint")
        owner = try row.get("owner")
        epoch = try row.get("epoch")
    }
}
