import Contracts
import Foundations
import Testing

@testable import TaskStore

/// What lists are asked for in tests of all of them.
enum QuerySamples {
    /// A task of `acme`, and what it is in, the widest first.
    static func scopes(_ task: String, company: String = "acme", project: String = "web") throws -> [QueryScope] {
        let address = try address(task, company: company, project: project)
        return [
            .platform, .company(address.company), .project(address.company, address.project), .task(address),
        ]
    }

    /// No filter, and each that the list has.
    static func filters(_ list: QueryList) -> [[String: JSONValue]] {
        [[:]] + list.filters.flatMap { field in values(field.name, of: list.what).map { [field.name: $0] } }
    }

    private static func values(_ field: String, of what: String) -> [JSONValue] {
        switch (what, field) {
        case ("events", "since"): [1]
        case (_, "since"): ["2026-01-02T03:04:05Z"]
        case (_, "until"): ["2100-01-02T03:04:05Z"]
        case (_, "workflow"): ["01939b1e-3c00-7000-8000-000000000001"]
        case ("tasks", "status"): ["running", "completed", ["stuck", "queued", "timed_out"]]
        case ("children", "status"): ["running", ["stuck", "queued"]]
        case (_, "tag"): ["urgent"]
        case (_, "parent"): ["01939b1e-3c00-7000-8000-000000000001"]
        case (_, "text"): ["mend"]
        case ("webhooks", "status"): ["delivered", "dead", ["pending", "delivered"]]
        case ("queue", "status"): ["ready"]
        case ("queue", "kind"): ["plan"]
        case ("activities", "kind"): ["error"]
        case (_, "webhook_id"): ["task-1"]
        case (_, "service"): ["coder", ["planner", "notifier"]]
        case ("logs", "level"): ["debug", "info", "warning", "error", "critical"]
        case ("logs", "task"): ["acme/web/task-1"]
        case ("logs", "after"): [1]
        case (_, "name"): ["coder-2"]
        case (_, "report_id"): ["01939b1e-3c00-7000-8000-000000000001"]
        default: []
        }
    }
}
