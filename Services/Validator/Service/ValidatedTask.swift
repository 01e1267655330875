import Contracts
import Foundations
import Git
import TaskStore
import Worker

/// What a validation knows of its task, by the record alone.
struct ValidatedTask: Sendable {
    let request: TaskRequest
    let workflowID: String
    /// The repair round, from 0.
    let round: Int
    let base: ObjectID
    /// The tree that the coder recorded last, if there is one.
    let recordedTree: String?
    /// What the coder says of its work.
    let summary: String
    /// The commands that are asked for; empty where those that fit the project are run.
    let commands: [String]
}

extension ValidatedTask {
    /// - Parameter project: What the repository says of itself.
    init(_ context: StageContext, base: ObjectID, _ project: ProjectSettings) throws {
        self.init(
            request: context.request, workflowID: context.record.workflowID.text, round: context.run.key.round,
            base: base, recordedTree: context.record.headTree,
            summary: try context.record.outputs.get(ImplementationOutput.self)?.summary ?? "",
            commands: project.commands(of: context.request))
    }
}
