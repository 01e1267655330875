import Contracts
import Database

extension QueryList {
    /// The branches that tasks pushed, as long as their history is kept.
    static let pushes = QueryList(
        what: "pushes", scopes: Set(QueryScope.Level.allCases),
        columns: """
            a.id, a.workflow_id, a.company_id, a.project_id, a.task_id, (\(Ancestry.request)) #>> '{repository,remote_url}' as remote_url,
            a.details ->> 'branch_name' as branch_name, a.details ->> 'commit_hash' as commit_hash, a.timestamp
            """,
        source: "task_activities a join tasks t using (workflow_id)",
        place: { $0.holds(company: "a.company_id", project: "a.project_id", workflow: "a.workflow_id") },
        parts: ["a.notification_type = 'changes_pushed' and a.seq is not null"],
        order: [.time("a.timestamp"), .uuid("a.id")],
        filters: [.since("a.timestamp"), .until("a.timestamp")])
}
