import Contracts
import Database

extension QueryList {
    /// Submissions that were refused, with what is harmless of them.
    static let rejected = QueryList(
        what: "rejected", scopes: Set(QueryScope.Level.allCases), isOfRecordedTasks: false,
        columns: """
            r.id, r.company_id, r.project_id, r.task_id, r.subject, r.excerpt, r.code, r.field, r.reason, r.created_at
            """,
        source: "rejected_submissions r",
        place: { $0.holds(company: "r.company_id", project: "r.project_id", task: "r.task_id") },
        order: [.time("r.created_at"), .uuid("r.id")],
        filters: [.since("r.created_at"), .until("r.created_at"), .text(in: "r.task_id", "r.reason")])
}
