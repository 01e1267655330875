import Contracts
import Foundation
import Foundations

/// Tasks of a list as a table.
enum TaskTable {
    static func show(_ tasks: [JSONValue], json: Bool) throws {
        guard !json else { return try Output.json(.array(tasks)) }
        for task in tasks {
            let status = task.text("status").padding(toLength: 22, withPad: " ", startingAt: 0)
            let reason = task["error_message"]?.stringValue.map { "  (\($0.clipped(80)))" } ?? ""
            Output.line("\(status)\(task.taskName)  \(task.text("title").clipped(60))\(reason)")
        }
    }
}

extension JSONValue {
    /// The text of a field of an item, empty if it has none.
    func text(_ field: String) -> String { self[field]?.stringValue ?? "" }

    /// The task that an item belongs to, as the tool names it.
    var taskName: String { "\(text("company_id"))/\(text("project_id"))/\(text("task_id"))" }

    /// The task that an item belongs to.
    var address: TaskAddress? {
        guard let company = CompanyID(text("company_id")), let project = ProjectID(text("project_id")),
            let task = TaskID(text("task_id"))
        else { return nil }
        return TaskAddress(company: company, project: project, task: task)
    }
}
