import Agent
import Contracts
import Foundations
import ServiceKit

extension TaskBrief {
    /// What the agents are told of a request: never its credentials.
    package init(_ request: TaskRequest) {
        let task = request.task
        var facts = task.context.mapValues { value in value.stringValue ?? (try? value.text()) ?? "" }
        if !task.tags.isEmpty { facts["tags"] = task.tags.joined(separator: ", ") }
        self.init(
            title: task.title, description: task.description, requirements: task.requirements, hints: task.hints,
            contextFiles: task.contextFiles, facts: facts, instructions: request.agent.instructions ?? "",
            scopePaths: request.agent.scopePaths, validationCommands: request.validation.commands)
    }
}
