import Contracts
import Database
import Foundations

extension QueryList {
    static let tasks = QueryList(
        what: "tasks", scopes: Set(QueryScope.Level.allCases), columns: taskColumns, source: "tasks t",
        place: ofTask, order: taskOrder,
        filters: [.tag, .parent, .taskStatus, .workflow("t.workflow_id")] + ofAnyTasks,
        ledBy: ["tag": taggedTasks])

    private static let taggedTasks = QueryList(
        what: "tasks", scopes: Set(QueryScope.Level.allCases), columns: taskColumns,
        source: "task_tags g join tasks t using (workflow_id)",
        place: { $0.holds(company: "g.company_id", project: "g.project_id", workflow: "g.workflow_id") },
        order: [.time("g.created_at"), .uuid("g.workflow_id")],
        filters: [
            .tag, QueryFilter.parent.looking, QueryFilter.taskStatus.looking, .workflow("g.workflow_id"),
            .since("g.created_at"), .until("g.created_at"), .name,
        ])

    /// Those of a task, to which it gave their work.
    static let children = QueryList(
        what: "children", scopes: [.task], columns: taskColumns, source: "tasks t",
        place: { $0.holds(company: "null", project: "null", workflow: "t.parent") }, order: taskOrder,
        filters: [QueryFilter.taskStatus.looking] + ofAnyTasks)

    static let ofAnyTasks: [QueryFilter] = [.since("t.created_at"), .until("t.created_at"), .name]

    static let taskColumns: SQL = """
        t.workflow_id, t.company_id, t.project_id, t.task_id, t.request #>> '{task,title}' as title,
        coalesce(t.request #> '{task,tags}', '[]') as tags, t.status, t.stage, t.round, t.priority, t.branch_name,
        t.commit_hash, t.steps_completed, t.llm_calls, t.prompt_tokens, t.completion_tokens, t.cost_usd,
        t.error_message, t.parent, t.children, t.created_at, t.started_at, t.finished_at as completed_at
        """
    static let taskOrder: [QueryKey] = [.time("t.created_at"), .uuid("t.workflow_id")]

    static let ofTask: @Sendable (QueryPlace) -> SQL = {
        $0.holds(company: "t.company_id", project: "t.project_id", task: "t.task_id")
    }
}

extension QueryFilter {
    fileprivate static let tag = QueryFilter(name: "tag") { fields throws(FieldError) in
        try fields.optionalString("tag", atMost: longestText).map { ["g.tag = \($0)"] }
    }

    /// The workflow whose children they are.
    fileprivate static let parent = uuid("parent", "t.parent")

    /// By what people call a task: its id, title and description.
    fileprivate static let name = text(
        in: "t.task_id", "t.request #>> '{task,title}'", "t.request #>> '{task,description}'")

    private static let statuses =
        ["queued", "running", "paused", "awaiting_approval"] + TerminalStatus.allCases.map(\.rawValue)

    /// The status of a task. How it ended is found by its result: that does not change as often as the column.
    fileprivate static let taskStatus = QueryFilter(name: "status", form: .words(statuses)) {
        fields throws(FieldError) in
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
