import Contracts
import Database
import FoundationEssentials

/// A webhook message and how its delivery stands.
package struct WebhookSummary: Sendable, Hashable {
    /// Where the delivery of a message stands.
    package enum State: String, Sendable, Hashable, CaseIterable, SQLEncodable, SQLDecodable {
        case pending, delivered
        /// Every attempt failed.
        case dead
        /// The receiver wants no more.
        case disabled
    }

    /// The `webhook-id`.
    package let id: String
    package let address: TaskAddress
    /// `nil` is the platform's endpoint.
    package let url: String?
    package let state: State
    package let attempts: Int
    package let createdAt: Date
    /// When it is sent again; `nil` if nobody will.
    package let nextAttemptAt: Date?
    /// Why the last attempt failed.
    package let lastError: String?

    static let columns: SQL = """
        m.id, t.company_id, t.project_id, t.task_id, m.url, m.state, m.attempts, m.created_at,
        case when m.state = 'pending' then m.next_attempt_at end as next_attempt_at,
        (select coalesce(a.error, 'status ' || a.status_code) from webhook_attempts a
            where a.message_id = m.id and m.state <> 'delivered' order by a.id desc limit 1) as last_error
        """

    init(_ row: Row) throws {
        id = try row.get("id")
        address = try TaskAddress(row)
        url = try row.get("url")
        state = try row.get("state")
        attempts = try row.get("attempts")
        createdAt = try row.get("created_at")
        nextAttemptAt = try row.get("next_attempt_at")
        lastError = try row.get("last_error")
    }
}
