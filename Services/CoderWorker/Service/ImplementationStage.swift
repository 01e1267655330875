import Agent
import AgentRuns
import CommandRuns
import Contracts
import Foundations
import Git
import LanguageModels
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// Has a model implement the plan in a work tree of its own, step by step, each with a checkpoint.
///
/// A run that is tried again, here or on another host, restores the last checkpoint and replays the journal.
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
        let journal = try await StageJournal(context, emitsSteps: true)
        let task = try await TaskMirror(context, mirrors)
        let head = try await task.restore()
        let project = try await task.project()
        let prepared = try await setups.prepare(
            try project.sandbox(self.sandbox), context, project, task.mirror, base: try await task.ensureBase(),
            head: head)
        let brief = TaskBrief(context.request, project, try await task.mirror.foreignContent(of: head))
        let prompt = CoderPrompt(
            brief, plan: try context.record.outputs.get(PlanOutput.self)?.plan,
            begun: try await begun(context, task.mirror, head))
        let prompts = try await begin(context, journal, prompt)
        let (outcome, final) = try await TaskFolder.withWorkTree(
            context, task.mirror, at: head, sandbox: prepared.sandbox, repository: true
        ) { tree in
            let kept = CheckpointedTree(
                tree, task.mirror, head: head, stored: context.run.history.checkpointBytes, logger: context.logger)
            let conversation = Conversation(
                try setup(context, journal, prompts), model: model, journal: journal,
                signals: StageSignals(context, journal),
                workspace: CheckpointedWorkspace(kept),
                context: ToolContext(
                    root: tree.directory, runner: prepared.sandbox,
                    scope: PathScope(context.request.agent.scopePaths)))
            let outcome = try await conversation.run()
            return (outcome, kept.current)
        }
        return try await settle(context, task.mirror, outcome, final)
    }

    /// The start is told once a round, with the prompts that the round keeps to.
    private func begin(
        _ context: StageContext, _ journal: StageJournal, _ prompt: CoderPrompt
    ) async throws -> ConversationPrompts {
        let event = ImplementationStarted(
            round: context.run.key.round, model: context.request.agent.model ?? "default",
            maxIterations: maxIterations(context), sandbox: sandbox.level.rawValue)
        return try await journal.begin(
            try prompts(context, prompt), events: [try EventDraft(event)],
            changes: WorkflowChanges(sandbox: sandbox.level.rawValue))
    }

    /// What an earlier generation of the round changed: its conversation is not known here.
    private func begun(_ context: StageContext, _ mirror: Mirror, _ head: ObjectID) async throws -> [String] {
        guard context.run.key.generation > 0, let base = context.record.baseCommit.flatMap({ ObjectID($0) }) else {
            return []
        }
        return try await mirror.diff(from: base, to: head, maxBytes: 0).files.map(\.path)
    }

    private func maxIterations(_ context: StageContext) -> Int {
        context.request.agent.maxIterations ?? defaultIterations
    }

    private func setup(
        _ context: StageContext, _ journal: StageJournal, _ prompts: ConversationPrompts
    ) throws -> Conversation.Setup {
        let model = context.request.agent.model ?? ""
        return Conversation.Setup(
            model: model, systemPrompt: prompts.system, taskPrompt: prompts.task,
            catalogue: ToolCatalogue(.coder, allowed: context.request.agent.allowedTools),
            limits: try ModelAccess.limits(
                context.service, model: model, maxIterations: maxIterations(context), maxCostUSD: journal.budget,
                contextTokens: prompts.contextTokens))
    }

    private func prompts(_ context: StageContext, _ prompt: CoderPrompt) throws -> ConversationPrompts {
        let window = ModelAccess.contextTokens(context.service, model: context.request.agent.model ?? "")
        let outputs = context.record.outputs
        guard context.run.key.round > 0, let validation = try outputs.get(ValidationOutput.self)?.result else {
            return ConversationPrompts(system: prompt.system, task: prompt.task, contextTokens: window)
        }
        let repair = RepairPrompt(
            prompt, round: context.run.key.round, failures: validation.commands.filter { $0.exitCode != 0 },
            issues: validation.issues,
            previousSummary: try outputs.get(ImplementationOutput.self)?.summary ?? "")
        return ConversationPrompts(system: repair.system, task: repair.task, contextTokens: window)
    }

    private func settle(
        _ context: StageContext, _ mirror: Mirror, _ outcome: ConversationOutcome, _ head: ObjectID
    ) async throws -> StageEnd {
        let changes = try await changes(context, mirror, head, outcome)
        if let failure = outcome.end.failure {
            guard !failure.isRetriable else { throw failure }
            return .failed(failure, changes)
        }
        guard case .finished(let call) = outcome.end else {
            throw StageFailure(.internalError, "the conversation ended without the final call")
        }
        let output = ImplementationOutput(
            summary: call.arguments["summary"]?.stringValue ?? "",
            commitMessage: call.arguments["commit_message"]?.stringValue)
        let difference = changes.difference ?? Difference()
        let event = ImplementationCompleted(
            round: context.run.key.round, iterations: outcome.iterations,
            summary: output.summary.clipped(1000), filesChanged: difference.filesChanged,
            insertions: difference.insertions, deletions: difference.deletions)
        return .finished(
            StepResult(.succeeded, output: output, changes: changes, events: [try EventDraft(event)]))
    }

    /// Where the work stands, whatever the end: nothing of it is thrown away.
    private func changes(
        _ context: StageContext, _ mirror: Mirror, _ head: ObjectID, _ outcome: ConversationOutcome
    ) async throws -> WorkflowChanges {
        let tree = try await mirror.tree(of: head)
        guard let base = context.record.baseCommit.flatMap({ ObjectID($0) }) else { return WorkflowChanges() }
        let diff = try await mirror.diff(from: base, to: head, maxBytes: 0)
        return WorkflowChanges(
            headCommit: head.text, headTree: tree.text, stepsCompleted: try stepsDone(context, outcome, diff),
            difference: Difference(diff), sandbox: sandbox.level.rawValue)
    }

    /// The coder's own list tells best, see ``WorkflowResult/stepsCompleted``.
    private func stepsDone(
        _ context: StageContext, _ outcome: ConversationOutcome, _ diff: DiffSummary
    ) throws -> Int? {
        guard let plan = try context.record.outputs.get(PlanOutput.self)?.plan else { return nil }
        if let progress = outcome.progress {
            return ImplementationPlan.steps(plan.steps.count, done: progress.done, of: progress.all)
        }
        var isFinished = false
        if case .finished = outcome.end { isFinished = true }
        return plan.stepsDone(changing: Set(diff.files.map(\.path)), isFinished: isFinished)
    }
}
