import Contracts
import Database

extension QueryList {
    /// What is to be done: the open step of each task that has not ended, and why it waits. A workflow's id is of its time.
    static let queue = QueryList(
        what: "queue", scopes: Set(QueryScope.Level.allCases),
        columns: """
            r.workflow_id, r.company_id, t.project_id, t.task_id, r.stage as kind, r.state as status, r.round, t.priority,
            r.attempts, r.run_at, case when r.state = 'leased' then r.owner end as claimed_by, r.claimed_at, r.lease_until,
            \(Waiting.reason) as waits_for, r.last_error, r.created_at
            """,
        source: "stage_runs r join tasks t using (workflow_id)",
        place: { $0.holds(company: "r.company_id", project: "t.project_id", workflow: "r.workflow_id") },
        parts: ["r.state in ('held', 'ready', 'leased')"], order: [.uuid("r.workflow_id")],
        filters: [
            .among("kind", "r.stage", of: Stage.allCases.map(\.rawValue)),
            .among("status", "r.state", of: ["held", "ready", "leased"]),
        ])
}

/// Why an open run does not run now.
enum Waiting {
    /// The name of what a task `t` waits for before its open run `r` runs, null while it does. The same questions as a
    /// claim asks, see ``TaskStore/claimStatement(_:owner:lease:)``; `worker` is a free place of a service.
    static let reason: SQL = """
        case when t.status = 'paused' then 'pause' when t.status = 'awaiting_approval' then 'approval'
            when r.state = 'held' then 'dependency'
            when r.state = 'leased' then case when r.lease_until < now() then 'worker' end
            when r.run_at > now() then 'retry'
            when \(CompanyLimit.maximum(of: "r.company_id")) is null then 'worker'
            when \(CompanyLimit.running(of: "r.company_id")) >= \(CompanyLimit.maximum(of: "r.company_id")) then 'limit'
            when r.state = 'ready' then 'worker' end
        """
}
