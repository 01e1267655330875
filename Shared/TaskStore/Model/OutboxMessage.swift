import Database
import FoundationEssentials
import Foundations

/// A message that is to be published: an event, or the trigger of a stage.
package struct OutboxMessage: Sendable, Hashable {
    /// Its place: the messages of a workflow are published in the order of their ids.
    package let id: Int64
    /// The `Nats-Msg-Id`.
    package let eventID: UUID
    /// The workflow, or the rejection, that it belongs to.
    package let workflowID: UUID?
    /// The event's place in its workflow; `nil` for a stage's trigger.
    package let seq: Int?
    package let subject: String
    package let headers: [String: String]
    package let payload: Data
    /// When it was written, by the database's clock.
    package let createdAt: Date
}

extension OutboxMessage {
    static let columns: SQL = "id, event_id, workflow_id, seq, subject, headers, payload, created_at"
    static let insert: SQL = "insert into outbox (event_id, workflow_id, seq, subject, headers, payload) values"

    init(_ row: Row) throws {
        id = try row.get("id")
        eventID = try row.get("event_id")
        workflowID = try row.get("workflow_id")
        seq = try row.get("seq")
        subject = try row.get("subject")
        headers = try row.get("headers", as: JSONValue.self).decode()
        payload = Data(try row.get("payload", as: String.self).utf8)
        createdAt = try row.get("created_at")
    }
}
