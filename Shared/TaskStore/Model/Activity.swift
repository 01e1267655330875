import Database
import FoundationEssentials
import Foundations

/// A row of `task_activities`.
package struct Activity: Sendable {
    package let id: UUID
    package let workflowID: UUID
    package let type: ActivityType
    package let message: String
    package let details: JSONValue
    package let timestamp: Date

    init(_ row: Row) throws {
        id = try row.get("id")
        workflowID = try row.get("workflow_id")
        type = try row.get("activity_type")
        message = try row.get("message")
        details = try row.get("details")
        timestamp = try row.get("timestamp")
    }
}
