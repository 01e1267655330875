import Contracts
import Database
import FoundationEssentials

/// A line of a list of workflows.
package struct TaskSummary: Sendable {
    package let workflowID: UUID
    package let address: TaskAddress
    package let title: String
    package let status: TaskStatus
    package let stage: Stage
    package let round: Int
    package let priority: Int
    package let costUSD: Double
    package let errorMessage: String?
    package let createdAt: Date
    package let finishedAt: Date?

    static let columns: SQL = """
        workflow_id, company_id, project_id, task_id, request #>> '{task,title}' as title, status, stage, round,
        priority, cost_usd, error_message, created_at, finished_at
        """

    init(_ row: Row) throws {
        workflowID = try row.get("workflow_id")
        address = try TaskAddress(row)
        title = try row.get("title")
        status = try row.get("status")
        stage = try row.get("stage")
        round = try row.get("round")
        priority = try row.get("priority")
        costUSD = try row.get("cost_usd")
        errorMessage = try row.get("error_message")
        createdAt = try row.get("created_at")
        finishedAt = try row.get("finished_at")
    }
}
