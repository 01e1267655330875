import Agent
import AgentRuns
import Contracts
import Foundations
import Git
import LanguageModels
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// What a coder's round reads of the task's repository.
protocol CodedRepository: Sendable {
    func tree(of commit: ObjectID) async throws -> ObjectID

    func diff(from old: ObjectID, to new: ObjectID, maxBytes: Int) async throws -> DiffSummary
}

extension Mirror: CodedRepository {}

/// A coder's round on a task: what its model is told, how far it may go, and what comes of it.
struct CodingRound: Sendable {
    let run: ConversationRun
    let brief: TaskBrief
    let repository: any CodedRepository
    let workplace: any CoderWorkplace
    let model: any ChatModel
    let settings: SettingsSource
    /// Of a task that names none.
    let defaultIterations: Int

    private var request: TaskRequest { run.request }
    private var round: Int { run.claim.key.round }
    private var maxIterations: Int { request.agent.maxIterations ?? defaultIterations }

    /// Has the model go on from `head`.
    func work(from head: ObjectID) async throws -> StageEnd {
        let journal = StageJournal(run, emitsSteps: true)
        let prompts = try await begin(journal, head)
        let (outcome, final) = try await workplace.withTree(at: head) { tree in
            let conversation = Conversation(
                try setup(journal, prompts), model: model, journal: journal, signals: StageSignals(run, journal),
                workspace: tree,
                context: ToolContext(
                    root: tree.root, runner: tree.runner, scope: PathScope(request.agent.scopePaths)))
            return (try await conversation.run(), tree.current)
        }
        return try await end(outcome, at: final)
    }

    /// The start is told once a round, with the prompts that the round keeps to.
    private func begin(_ journal: StageJournal, _ head: ObjectID) async throws -> ConversationPrompts {
        let event = ImplementationStarted(
            round: round, model: request.agent.model ?? "default", maxIterations: maxIterations,
            sandbox: workplace.level.rawValue)
        return try await journal.begin(
            try await prompts(head), events: [try EventDraft(event)],
            changes: WorkflowChanges(sandbox: workplace.level.rawValue))
    }

    private func prompts(_ head: ObjectID) async throws -> ConversationPrompts {
        let window = ModelAccess.contextTokens(settings, model: request.agent.model ?? "")
        let outputs = run.record.outputs
        let prompt = CoderPrompt(brief, plan: try outputs.get(PlanOutput.self)?.plan, begun: try await begun(head))
        guard round > 0, let validation = try outputs.get(ValidationOutput.self)?.result else {
            return ConversationPrompts(system: prompt.system, task: prompt.task, contextTokens: window)
        }
        let ran = (validation.checks ?? []) + validation.commands
        let repair = RepairPrompt(
            prompt, round: round, failures: ran.filter { $0.exitCode != 0 },
            issues: validation.issues,
            previousSummary: try outputs.get(ImplementationOutput.self)?.summary ?? "")
        return ConversationPrompts(system: repair.system, task: repair.task, contextTokens: window)
    }

    /// What an earlier generation of the round changed: its conversation is not known here.
    private func begun(_ head: ObjectID) async throws -> [String] {
        guard run.claim.key.generation > 0, let base = run.record.baseCommit.flatMap({ ObjectID($0) }) else {
            return []
        }
        return try await repository.diff(from: base, to: head, maxBytes: 0).files.map(\.path)
    }

    private func setup(_ journal: StageJournal, _ prompts: ConversationPrompts) throws -> Conversation.Setup {
        let model = request.agent.model ?? ""
        return Conversation.Setup(
            model: model, fallbacks: run.fallbacks, systemPrompt: prompts.system, taskPrompt: prompts.task,
            catalogue: ToolCatalogue(.coder, allowed: request.agent.allowedTools),
            limits: try ModelAccess.limits(
                settings, model: model, maxIterations: maxIterations, maxCostUSD: journal.budget,
                contextTokens: prompts.contextTokens))
    }
}
