import Agent
import AgentRuns
import CommandRuns
import Contracts
import Git
import LanguageModels
import Sandbox
import ServiceKit
import Worker
import Workspaces

/// Has a model implement the plan in a work tree of its own, step by step, each with a checkpoint.
///
/// A run that is tried again, here or on another host, restores the last checkpoint and replays the journal. What is
/// decided is ``CodingRound``'s; here is what it works on.
package struct ImplementationStage: StageHandler {
    package static let crashSteps = StageWorker.crashSteps + RunJournal.crashSteps

    package let kind = StepKind.implementation
    private let mirrors: MirrorStore
    private let model: any ChatModel
    private let sandbox: Sandbox
    private let setups: Setups
    /// Of a task that names none.
    private let defaultIterations: Int
    package let longestStep: Duration

    package init(_ service: ServiceContext, model: any ChatModel, sandbox: Sandbox) throws {
        mirrors = MirrorStore(home: service.settings.home)
        self.model = model
        self.sandbox = sandbox
        setups = try Setups(service)
        longestStep = ModelAccess.longestCall(service.settings.source)
        defaultIterations = try service.settings.source.int(.maxIterations, in: 1...10_000)
    }

    package func run(_ context: StageContext) async throws -> StageEnd {
        let run = try await ConversationRun(context)
        let task = try await TaskMirror(context, mirrors)
        let head = try await task.restore()
        let project = try await task.project()
        let prepared = try await setups.prepare(
            try project.sandbox(sandbox), context, project, task.mirror, base: try await task.ensureBase(),
            head: head)
        let round = CodingRound(
            run: run, brief: TaskBrief(context.request, project, try await task.mirror.foreignContent(of: head)),
            repository: task.mirror,
            workplace: SandboxWorkplace(context: context, mirror: task.mirror, sandbox: prepared.sandbox),
            model: model, settings: context.service.settings.source, defaultIterations: defaultIterations)
        return try await round.work(from: head)
    }
}
