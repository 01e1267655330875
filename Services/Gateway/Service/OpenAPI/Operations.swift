import Contracts
import Foundations

/// What is said of the routes that are no lists.
extension Operation {
    private static let key = Parameter("Idempotency-Key", .text(1...255))
    private static let priority = Schema.oneOf([
        .integer(TaskSettings.priorities), .words(["critical", "high", "normal", "low"]),
    ])

    /// A task that was recorded.
    private static let recorded = Success.created(
        .object(
            [
                "workflow_id": .text, "duplicate": .flag, "updated": .flag, "company_id": .identifier,
                "project_id": .identifier, "task_id": .identifier, "url": .text,
            ], required: ["workflow_id", "company_id", "project_id", "task_id", "url"]))

    static let addTask = Operation(
        "add_task", "Adds a task to a project that has a repository: what is to be done is enough.", headers: [key],
        body: [
            MediaType.json: .object(
                [
                    "description": .text(1...(256 << 10)), "title": .text(1...1024), "priority": priority,
                    "project": .text(1...129), "metadata": .object,
                ], required: ["description"]),
            MediaType.text: .text(1...(256 << 10)),
        ], success: recorded)

    static let submitTask = Operation(
        "submit_task", "Submits a task as on the bus. Without an id it gets one.", headers: [key],
        body: [
            MediaType.json: .object(
                [
                    "task": .object(
                        [
                            "id": .identifier, "company_id": .identifier, "project_id": .identifier,
                            "title": .text(1...1024), "description": .text, "priority": priority,
                            "requirements": .list(.text), "tags": .list(.text), "dependencies": .list(.identifier),
                            "context": .object, "metadata": .object, "context_files": .list(.text), "hints": .text,
                        ], required: ["company_id", "project_id", "title"]),
                    "repository": .object(["remote_url": .text, "branch": .text, "credentials": .object]),
                    "agent": .object, "validation": .object, "delivery": .object,
                    "timeout_seconds": .integer(1...2_592_000), "update": .flag,
                ], required: ["task"])
        ], success: recorded)

    static let showTask = Operation(
        "show_task", "Where a task is, and its result so far.",
        success: .schema(
            .object(
                ["workflow_id": .text, "status": .text, "stage": .text, "last_seq": .integer(0...Int.max)],
                required: ["workflow_id", "status", "stage", "last_seq"])))

    static let showDiff = Operation(
        "show_diff", "The work that is kept of a task, as a patch: a part of it, and where the next begins.",
        query: [Parameter("head", .text), Parameter("offset", .integer(0...Int.max))],
        success: .schema(
            .object(
                [
                    "base_commit": .text, "head_commit": .text, "patch": .text, "files": .list(.object),
                    "files_changed": .integer(0...Int.max), "truncated": .flag,
                    "offset": .orNull(.integer(0...Int.max)),
                ], required: ["patch", "head_commit", "offset"])))

    static let controlTask = Operation(
        "control_task", "Asks something of a task, as on the bus.",
        body: [
            MediaType.json: .object(
                [
                    "action": .words(ControlRequest.actions), "message": .text, "max_cost_usd": .number, "id": .text,
                ], required: ["action"])
        ],
        success: .schema(
            .object(
                ["workflow_id": .text, "status": .text, "last_seq": .integer(0...Int.max)],
                required: ["workflow_id", "status", "last_seq"])))

    static let streamEvents = Operation(
        "stream_events",
        """
        Streams the events of all tasks, or of those of a company or a project, as they happen. The id of an event is a \
        cursor: with it in Last-Event-ID any gateway goes on behind that event.
        """,
        query: [Parameter("company", .identifier), Parameter("project", .identifier)],
        headers: [Parameter("Last-Event-ID", .text)], success: .stream)
}
