import Contracts
import Database

extension QueryList {
    /// Webhook messages and how their delivery stands. Their ids are in the order of time.
    static let webhooks = QueryList(
        what: "webhooks", scopes: [.platform, .company, .task],
        columns: webhookColumns(lastError: WebhookAnswer.ofNamedEndpoint("latest.error")),
        operatorColumns: webhookColumns(lastError: "latest.error"),
        source: """
            webhook_messages m join tasks t using (workflow_id) left join lateral (
                select coalesce(a.error, 'status ' || a.status_code) as error from webhook_attempts a
                where a.message_id = m.id and m.state <> 'delivered' order by a.id desc limit 1
            ) latest on true
            """,
        place: { $0.holds(company: "m.company_id", project: "t.project_id", workflow: "m.workflow_id") },
        order: [.text("m.id")], filters: [.webhookStatus, .identifier("webhook_id", "m.id")])

    private static func webhookColumns(lastError: SQL) -> SQL {
        """
        m.id as webhook_id, m.workflow_id, t.company_id, t.project_id, t.task_id, m.url, m.state as status, m.attempts,
        m.created_at, case when m.state = 'pending' then m.next_attempt_at end as next_attempt_at,
        m.finished_at as completed_at, \(lastError) as last_error
        """
    }
}

/// What an endpoint answered to a webhook message `m`.
enum WebhookAnswer {
    /// What only those see who named the endpoint: what the platform's own says is for operators.
    static func ofNamedEndpoint(_ text: SQL) -> SQL { "case when m.url is not null then \(text) end" }
}

extension QueryFilter {
    private static let webhookStates = ["pending", "delivered", "dead", "disabled"]

    /// What is not delivered has an index of its own.
    fileprivate static let webhookStatus = QueryFilter(name: "status", form: .words(webhookStates)) {
        fields throws(FieldError) in
        guard let states = try fields.textOrTexts("status", of: webhookStates) else { return nil }
        let (delivered, others) = (states.contains("delivered"), states.filter { $0 != "delivered" })
        var conditions: [SQL] = delivered ? ["m.state = 'delivered'"] : []
        if !others.isEmpty { conditions.append("m.state <> 'delivered' and m.state = any (\(others))") }
        return conditions
    }
}
