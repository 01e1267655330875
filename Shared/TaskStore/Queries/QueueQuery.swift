import Contracts
import Database

extension QueryList {
    /// What is to be done: the open step of each task that has not ended, and why it waits. A workflow's id is of its time.
    static let queue = QueryList(
        what: "queue", scopes: Set(QueryScope.Level.allCases),
        columns: """
            r.workflow_id, r.company_id, t.project_id, t.task_id, r.kind, r.stage, r.state as status, r.round, t.priority,
            r.attempts, r.run_at, r.lease_until, \(OpenRun.columns), r.last_error, r.created_at
            """,
        source: "stage_runs r join tasks t using (workflow_id)",
        place: { $0.holds(company: "r.company_id", project: "t.project_id", workflow: "r.workflow_id") },
        parts: [OpenRun.isOpen], order: [.uuid("r.workflow_id")],
        filters: [
            .among("kind", "r.kind", of: StepKind.rows.map(\.kind.rawValue)),
            .among("status", "r.state", of: ["held", "ready", "leased"]),
        ])
}
