import Contracts
import Foundation
import Foundations
import TaskStore

/// Tasks as a table.
enum TaskTable {
    static func show(_ tasks: [TaskSummary], json: Bool) throws {
        guard !json else { return try Output.json(.array(tasks.map(row))) }
        for task in tasks {
            let name = "\(task.address.company)/\(task.address.project)/\(task.address.task)"
            let status = task.status.rawValue.padding(toLength: 22, withPad: " ", startingAt: 0)
            Output.line(
                "\(status)\(name)  \(task.title.clipped(60))\(task.errorMessage.map { "  (\($0.clipped(80)))" } ?? "")")
        }
    }

    private static func row(_ task: TaskSummary) -> JSONValue {
        [
            "workflow_id": .string(task.workflowID.text), "company_id": .string(task.address.company.text),
            "project_id": .string(task.address.project.text), "task_id": .string(task.address.task.text),
            "title": .string(task.title), "status": .string(task.status.rawValue),
            "stage": .string(task.stage.rawValue), "cost_usd": .double(task.costUSD),
            "error_message": task.errorMessage.map(JSONValue.string) ?? .null,
            "created_at": .string(Timestamp.text(task.createdAt)),
        ]
    }
}
