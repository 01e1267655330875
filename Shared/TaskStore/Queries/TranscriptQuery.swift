import Contracts
import Database

extension QueryList {
    /// What the stages of a task did, call by call, with what the model and the tools answered.
    static let transcript = QueryList(
        what: "transcript", scopes: [.task],
        columns: """
            t.workflow_id, t.company_id, t.project_id, t.task_id, r.stage, r.round, r.generation, j.step, j.kind, j.name,
            j.state as status, j.result, j.started_at, j.finished_at as completed_at
            """,
        source: "journal j join stage_runs r on r.id = j.run_id join tasks t using (workflow_id)",
        place: { $0.holds(company: "t.company_id", project: "t.project_id", workflow: "r.workflow_id") },
        order: [
            .time("j.started_at"),
            .text("concat_ws('/', r.stage, r.round, r.generation, lpad(j.step::text, 10, '0'))"),
        ],
        filters: [.since("j.started_at"), .until("j.started_at")], mostItems: 50)
}
