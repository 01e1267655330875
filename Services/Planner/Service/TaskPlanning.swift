import Agent
import AgentRuns
import Contracts
import Foundations
import Git
import LanguageModels
import RemoteAccess
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// A task on the way to its plan: where its work starts, what its branch is called, what its model plans.
///
/// Each part is recorded with its event, so whoever goes on does so after the last one.
struct TaskPlanning: Sendable {
    /// The model's turns until there has to be a plan; `max_iterations` counts the coder's.
    private static let maxTurns = 50

    /// The commit that work starts from.
    private struct Base {
        let branch: String
        let commit: ObjectID
        /// What the remote told of the names that the work may get, where it was asked: one look is for both.
        var listed: RemoteBranches?
    }

    let run: ConversationRun
    let remote: any PlannedRemote
    let repository: any PlannedRepository
    let findings: any PlanFindings
    let workplace: any PlannerWorkplace
    let model: any ChatModel
    let settings: SettingsSource
    let setups: SetupPolicy

    private var request: TaskRequest { run.request }

    func plan() async throws -> StageEnd {
        let base = try await fetch()
        // Before anything is paid for: a file that nobody can read ends the task.
        let project = try await repository.project(at: base.commit)
        do {
            try setups.admit(project.setup(of: request), for: request.task.address.company)
        } catch {
            throw StageFailure(.validationFailed, error.description)
        }
        try await nameBranch(from: base)
        let plan = try await converse(about: base.commit, project)
        return .finished(
            StepResult(
                .succeeded, summary: plan.goal, output: PlanOutput(plan: plan),
                events: [try EventDraft(PlanCreated(plan: plan))]))
    }

    private func fetch() async throws -> Base {
        if let known = run.record.baseCommit.flatMap({ ObjectID($0) }) {
            try await remote.ensure(known)
            return Base(branch: run.record.baseBranch ?? "", commit: known)
        }
        let start = ContinuousClock.now
        let branch = try await remote.baseBranch()
        let listed = try await remote.branches([branch] + BranchNames(run.record).planned())
        let head = try await remote.fetch(branch, listed: listed)
        let event = RepoCloned(
            remoteURL: remote.address, branch: branch.name, baseCommit: head.text,
            durationMilliseconds: (ContinuousClock.now - start).milliseconds)
        // The name of the branch is found in a moment: both are recorded at once.
        findings.hold(
            RunRecord(
                [try EventDraft(event)], changes: WorkflowChanges(baseBranch: branch.name, baseCommit: head.text)))
        return Base(branch: branch.name, commit: head, listed: listed)
    }

    /// A name that is taken gives another, unless the request asks for it: then the task ends before it costs anything.
    private func nameBranch(from base: Base) async throws {
        guard run.record.branchName == nil else { return }
        let candidates = try BranchNames(run.record).planned()
        let known: RemoteBranches
        if let listed = base.listed { known = listed } else { known = try await remote.branches(candidates) }
        var obstacle = ""
        for candidate in candidates {
            switch known.standing(of: candidate) {
            case .taken: obstacle = "the branch \(candidate) exists already"
            case .blocked(let other): obstacle = "the branch \(other) leaves no room for \(candidate)"
            case .free:
                let branch = BranchCreated(
                    branchName: candidate.name, baseBranch: base.branch, baseCommit: base.commit.text)
                if try await findings.take(branch, claim: "\(remote.repository) \(candidate.name)") { return }
                obstacle = "another task has the branch \(candidate)"
            }
        }
        throw StageFailure(.pushRejected, "\(obstacle); choose another delivery.branch_name")
    }

    private func converse(about base: ObjectID, _ project: ProjectSettings) async throws -> ImplementationPlan {
        let journal = StageJournal(run, emitsSteps: false)
        let prompts = try await prompts(journal, base, project)
        let setup = Conversation.Setup(
            model: modelName, fallbacks: run.fallbacks, systemPrompt: prompts.system, taskPrompt: prompts.task,
            catalogue: ToolCatalogue(.planner),
            limits: try ModelAccess.limits(
                settings, model: modelName, maxIterations: Self.maxTurns, maxCostUSD: journal.budget,
                contextTokens: prompts.contextTokens))
        let outcome = try await workplace.withFiles(of: base) { folder, runner in
            try await Conversation(
                setup, model: model, journal: journal, signals: StageSignals(run, journal),
                workspace: ReadOnlyWorkspace(root: folder), context: ToolContext(root: folder, runner: runner)
            ).run()
        }
        if let failure = outcome.end.failure { throw failure }
        guard case .finished(let call) = outcome.end else {
            throw StageFailure(.internalError, "the planner's conversation ended without a plan")
        }
        return try ImplementationPlan(submitted: call.arguments)
    }

    private var modelName: String { request.agent.plannerModel ?? request.agent.model ?? "" }

    private func prompts(
        _ journal: StageJournal, _ base: ObjectID, _ project: ProjectSettings
    ) async throws -> ConversationPrompts {
        let foreign = try await repository.foreignContent(of: base)
        let prompt = PlannerPrompt(TaskBrief(request, project, foreign))
        return try await journal.begin(
            ConversationPrompts(
                system: prompt.system, task: prompt.task,
                contextTokens: ModelAccess.contextTokens(settings, model: modelName)))
    }
}

extension ImplementationPlan {
    /// The plan that the arguments of `submit_plan` hold; they were checked by the tool.
    fileprivate init(submitted arguments: JSONValue) throws {
        func texts(_ name: String) -> [String] { arguments[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        self.init(
            goal: arguments["goal"]?.stringValue ?? "", steps: texts("steps"),
            filesToCreate: texts("files_to_create"), filesToModify: texts("files_to_modify"),
            estimatedSteps: arguments["estimated_steps"]?.intValue,
            validationCriteria: texts("validation_criteria"))
    }
}
