import Contracts
import Database

extension QueryList {
    /// Each attempt to deliver the webhooks of a task.
    static let attempts = QueryList(
        what: "attempts", scopes: [.platform, .task],
        columns: attemptColumns(
            error: WebhookAnswer.ofNamedEndpoint("a.error"),
            excerpt: WebhookAnswer.ofNamedEndpoint("a.response_excerpt")),
        operatorColumns: attemptColumns(error: "a.error", excerpt: "a.response_excerpt"),
        source: "webhook_attempts a join webhook_messages m on m.id = a.message_id join tasks t using (workflow_id)",
        place: { $0.holds(company: "t.company_id", project: "t.project_id", workflow: "m.workflow_id") },
        order: [.integer("a.id")], filters: [])

    private static func attemptColumns(error: SQL, excerpt: SQL) -> SQL {
        """
        a.id, m.id as webhook_id, m.workflow_id, t.company_id, t.project_id, t.task_id, a.status_code,
        \(error) as error, a.duration_ms, \(excerpt) as response_excerpt, a.at as timestamp
        """
    }
}
