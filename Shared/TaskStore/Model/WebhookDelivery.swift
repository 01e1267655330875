import Database
import FoundationEssentials

/// A webhook message that a bridge holds the lease of.
package struct WebhookDelivery: Sendable, Hashable {
    /// The `webhook-id`, the same in every attempt.
    package let id: String
    package let workflowID: UUID
    /// The request's URL; `nil` means the platform's endpoint.
    package let url: String?
    /// The exact bytes of the body.
    package let payload: Data
    /// How many attempts were made before.
    package let attempts: Int
    package let createdAt: Date
    let owner: UUID
    let epoch: Int

    init(_ row: Row) throws {
        id = try row.get("id")
        workflowID = try row.get("workflow_id")
        url = try row.get("url")
        payload = Data(try row.get("payload", as: String.self).utf8)
        attempts = try row.get("attempts")
        createdAt = try row.get("created_at")
        owner = try row.get("owner")
        epoch = try row.get("epoch")
    }
}
