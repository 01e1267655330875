import Database

extension QueryList {
    /// What the validator signed for a task: whoever has its public key can verify it.
    static let evidence = QueryList(
        what: "evidence", scopes: [.task],
        columns: """
            t.workflow_id, t.company_id, t.project_id, t.task_id, t.evidence, t.evidence_signature as signature
            """,
        source: "tasks t",
        place: { $0.holds(company: "t.company_id", project: "t.project_id", workflow: "t.workflow_id") },
        parts: ["t.evidence is not null"], order: [.uuid("t.workflow_id")], filters: [])
}
