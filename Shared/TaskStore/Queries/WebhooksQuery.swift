import Contracts
import Database

extension QueryList {
    /// Webhook messages and how their delivery stands. Their ids are in the order of time.
    static let webhooks = QueryList(
        what: "webhooks", scopes: [.platform, .company, .task],
        columns: webhookColumns(lastError: WebhookAnswer.ofNamedEndpoint("r.last_error")),
        operatorColumns: webhookColumns(lastError: "r.last_error"),
        source: """
            stage_runs r cross join lateral (
                -- One each: runs lead, because the index of a company's is one of runs.
                select url, created_at from webhook_messages where id = r.slot limit 1
            ) m join tasks t on t.workflow_id = r.workflow_id
            """,
        place: { $0.holds(company: "r.company_id", project: "t.project_id", workflow: "r.workflow_id") },
        parts: [RunSlot.isDelivery()], order: [.text("r.slot")],
        filters: [.webhookStatus, .identifier("webhook_id", "r.slot")])

    private static func webhookColumns(lastError: SQL) -> SQL {
        """
        r.slot as webhook_id, r.workflow_id, t.company_id, t.project_id, t.task_id, m.url, case r.state
            when 'done' then 'delivered' when 'dead' then 'dead' when 'cancelled' then 'disabled' else 'pending' end
            as status,
        r.attempts, m.created_at, case when r.finished_at is null then r.run_at end as next_attempt_at,
        r.finished_at as completed_at, \(lastError) as last_error
        """
    }
}

/// What an endpoint answered to a webhook message `m`.
enum WebhookAnswer {
    /// What only those see who named the endpoint: what the platform's own says is for operators.
    static func ofNamedEndpoint(_ text: SQL) -> SQL { "case when m.url is not null then \(text) end" }
}

extension QueryFilter {
    /// The states of a delivery's run by the status of the webhook.
    private static let webhookStates: KeyValuePairs = [
        "pending": ["ready", "leased"], "delivered": ["done"], "dead": ["dead"], "disabled": ["cancelled"],
    ]

    /// What is not delivered has an index of its own.
    fileprivate static let webhookStatus = QueryFilter(name: "status", form: .words(webhookStates.map(\.key))) {
        fields throws(FieldError) in
        guard let asked = try fields.textOrTexts("status", of: webhookStates.map(\.key)) else { return nil }
        let states = webhookStates.filter { asked.contains($0.key) }.flatMap(\.value)
        let others = states.filter { $0 != "done" }
        var conditions: [SQL] = states.contains("done") ? ["r.state = 'done'"] : []
        if !others.isEmpty { conditions.append("r.state <> 'done' and r.state = any (\(others))") }
        return conditions
    }
}
