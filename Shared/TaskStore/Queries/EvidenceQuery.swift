import Contracts
import Database

extension QueryList {
    /// What the validator signed for a task: whoever has its public key can verify it.
    static let evidence = QueryList(
        what: "evidence", scopes: [.task],
        columns: """
            t.workflow_id, t.company_id, t.project_id, t.task_id, r.stage, r.round, r.generation,
            r.output #> '{signed,evidence}' as evidence, r.output #>> '{signed,signature}' as signature,
            r.finished_at as created_at
            """,
        source: "stage_runs r join tasks t using (workflow_id)",
        place: { $0.holds(company: "t.company_id", project: "t.project_id", workflow: "r.workflow_id") },
        parts: ["\(RunSlot.isStep()) and r.output #>> '{signed,signature}' <> ''"],
        order: [.time("r.finished_at"), .text("concat_ws('/', r.stage, r.round, r.generation)")], filters: [])
}
