import Contracts
import Database
import Foundations

extension QueryList {
    static let tasks = QueryList(
        what: "tasks", scopes: Set(QueryScope.Level.allCases), columns: taskColumns, source: "tasks t",
        place: ofTask, order: taskOrder,
        filters: [
            .taskStatus, .tag, .text, .workflow("t.workflow_id"), .since("t.created_at"), .until("t.created_at"),
        ])

    static let taskColumns: SQL = """
        t.workflow_id, t.company_id, t.project_id, t.task_id, t.request #>> '{task,title}' as title,
        coalesce(t.request #> '{task,tags}', '[]') as tags, t.status, t.stage, t.round, t.priority, t.branch_name,
        t.commit_hash, t.steps_completed, t.llm_calls, t.prompt_tokens, t.completion_tokens, t.cost_usd,
        t.error_message, t.created_at, t.started_at, t.finished_at as completed_at
        """
    static let taskOrder: [QueryKey] = [.time("t.created_at"), .uuid("t.workflow_id")]

    static let ofTask: @Sendable (QueryPlace) -> SQL = {
        $0.holds(company: "t.company_id", project: "t.project_id", task: "t.task_id")
    }
}

extension QueryFilter {
    /// Tasks with a tag.
    fileprivate static let tag = QueryFilter(name: "tag") { fields throws(FieldError) in
        try fields.optionalString("tag", atMost: 256).map { tag in
            ["(t.request #> '{task,tags}') @> \(JSONValue.array([.string(tag)]))"]
        }
    }

    /// Tasks whose title or id holds some words, as a search field takes them: `"…"`, `or` and `-` mean what they do there.
    fileprivate static let text = QueryFilter(name: "text") { fields throws(FieldError) in
        try fields.optionalString("text", atMost: 256).map { text in
            [
                """
                to_tsvector('simple', coalesce(t.request #>> '{task,title}', '') || ' ' || t.task_id::text)
                    @@ websearch_to_tsquery('simple', \(text))
                """
            ]
        }
    }

    private static let statuses =
        ["queued", "running", "paused", "awaiting_approval"] + TerminalStatus.allCases.map(\.rawValue)

    /// The status of a task. How it ended is found by its result: that does not change as often as the column.
    fileprivate static let taskStatus = QueryFilter(name: "status", form: .words(statuses)) { fields throws(FieldError) in
        guard let names = try fields.textOrTexts("status") else { return nil }
        let statuses = names.compactMap { TaskStatus(rawValue: $0) }
        guard !names.isEmpty, statuses.count == names.count else {
            throw fields.error("status", "expected statuses of a task, such as running or completed")
        }
        let open = statuses.filter { !$0.isTerminal }
        let ended = statuses.filter(\.isTerminal).map { TaskStatus.condition(endedAs: $0) }
        return open.isEmpty ? ended : ended + ["t.finished_at is null and t.status = any (\(open))"]
    }
}

extension TaskStatus {
    /// The condition on a task `t` that ended as `status`.
    static func condition(endedAs status: TaskStatus) -> SQL {
        "t.finished_at is not null and t.result ->> 'status' = \(status)"
    }
}
