import Contracts
import Database

extension QueryList {
    /// What happened in a task; also in one that was refused.
    static let activities = QueryList(
        what: "activities", scopes: [.task], isOfRecordedTasks: false,
        columns: """
            a.id, a.workflow_id, a.company_id, a.project_id, a.task_id, a.activity_type, a.message, a.details,
            a.timestamp
            """,
        source: "task_activities a",
        place: { $0.holds(company: "a.company_id", project: "a.project_id", task: "a.task_id") },
        order: [.time("a.timestamp"), .uuid("a.id")],
        filters: [
            .among("kind", "a.activity_type", of: ["progress", "function_call", "mcp_call", "error"]),
            .workflow("a.workflow_id"), .since("a.timestamp"), .until("a.timestamp"), .text(in: "a.message"),
        ])
}
