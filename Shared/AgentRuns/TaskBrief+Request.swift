import Agent
import Contracts
import Foundations
import Git
import Workspaces

extension TaskBrief {
    /// What the agents are told of a request: never its credentials.
    ///
    /// - Parameters:
    ///   - project: What the repository says of itself.
    ///   - foreign: What is missing in the repository.
    package init(_ request: TaskRequest, _ project: ProjectSettings, _ foreign: ForeignContent) {
        let task = request.task
        var facts = task.context.mapValues { value in value.stringValue ?? (try? value.text()) ?? "" }
        if !task.tags.isEmpty { facts["tags"] = task.tags.joined(separator: ", ") }
        self.init(
            title: task.title, description: task.description, requirements: task.requirements, hints: task.hints,
            contextFiles: task.contextFiles, facts: facts, instructions: request.agent.instructions ?? "",
            scopePaths: request.agent.scopePaths, validationCommands: project.commands(of: request),
            requiresTests: request.validation.requireTests, setupCommands: project.setup(of: request).commands,
            remarks: foreign.remarks)
    }
}

extension ForeignContent {
    /// What a model has to know before it looks for a cause elsewhere.
    var remarks: [String] {
        var remarks: [String] = []
        if !submodules.isEmpty {
            remarks.append(
                "Submodules are other repositories and are not fetched: \(Self.names(submodules, submodules.count)). "
                    + "Their folders are empty, what needs their files fails, and no change in them can be kept.")
        }
        if largeFileCount > 0 {
            remarks.append(
                "The content of files in Git LFS is not fetched: \(Self.names(largeFiles, largeFileCount)). In their "
                    + "place are pointers, what needs their content fails, and they cannot be changed.")
        }
        return remarks
    }

    private static func names(_ names: [String], _ count: Int) -> String {
        // A name may hold anything, line breaks too.
        let shown = names.prefix(20).map { OutputLimiter.line($0, 100) }
        return shown.joined(separator: ", ") + (count > shown.count ? " and \(count - shown.count) more" : "")
    }
}
