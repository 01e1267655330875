import Contracts
import Database

extension QueryList {
    /// What agents noted as worth knowing.
    static let discoveries = QueryList(
        what: "discoveries", scopes: Set(QueryScope.Level.allCases),
        columns: """
            d.id, d.workflow_id, d.company_id, d.project_id, t.task_id, d.content, d.tags, d.created_at
            """,
        source: "discoveries d join tasks t using (workflow_id)",
        place: { $0.holds(company: "d.company_id", project: "d.project_id", workflow: "d.workflow_id") },
        order: [.time("d.created_at"), .uuid("d.id")],
        filters: [
            .workflow("d.workflow_id"), .since("d.created_at"), .until("d.created_at"), .text(in: "d.content"),
        ])
}
