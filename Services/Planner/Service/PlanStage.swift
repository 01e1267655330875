import Agent
import AgentRuns
import CommandRuns
import Contracts
import Database
import Foundations
import Git
import LanguageModels
import RemoteAccess
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// Fetches the repository, names the branch, and has a model plan the change.
///
/// Each part is recorded with its event, so a run that is tried again goes on after the last one.
package struct PlanStage: StageHandler {
    /// The model's turns until there has to be a plan; `max_iterations` counts the coder's.
    private static let maxTurns = 50

    package let kind = StepKind.plan
    private let repositories: RepositoryAccess
    private let model: any ChatModel
    private let sandbox: Sandbox
    private let setups: SetupPolicy
    package let longestStep: Duration

    /// - Parameter longestStep: How long a call of the model may take.
    package init(
        repositories: RepositoryAccess, model: any ChatModel, sandbox: Sandbox, setups: SetupPolicy,
        longestStep: Duration = .zero
    ) {
        self.longestStep = longestStep
        self.repositories = repositories
        self.model = model
        self.sandbox = sandbox
        self.setups = setups
    }

    package func run(_ context: StageContext) async throws -> StageEnd {
        let mirror = try await repositories.mirror(context.request)
        let (branch, base, listed) = try await fetch(context, mirror)
        // Before anything is paid for: a file that nobody can read ends the task.
        let project = try await ProjectSettings(at: base, in: mirror)
        do {
            try setups.admit(project.setup(of: context.request), for: context.request.task.address.company)
        } catch {
            throw StageFailure(.validationFailed, error.description)
        }
        try await nameBranch(context, mirror, listed, from: branch, base)
        let plan = try await plan(context, mirror, base, project)
        return .finished(
            StepResult(
                .succeeded, summary: plan.goal, output: PlanOutput(plan: plan),
                events: [try EventDraft(PlanCreated(plan: plan))]))
    }

    /// Returns the branch and its head, and what the remote told of the names that the work may get: one look is for
    /// both.
    private func fetch(
        _ context: StageContext, _ mirror: Mirror
    ) async throws -> (branch: String, commit: ObjectID, listed: RemoteBranches?) {
        if let known = context.record.baseCommit.flatMap({ ObjectID($0) }) {
            try await repositories.ensure(known, of: context.request, in: mirror)
            return (context.record.baseBranch ?? "", known, nil)
        }
        let start = ContinuousClock.now
        let branch = try await repositories.baseBranch(context.request, in: mirror)
        let listed = try await repositories.branches(
            [branch] + BranchNames(context.record).planned(), of: context.request, mirror)
        let head = try await repositories.fetch(branch, listed: listed, of: context.request, into: mirror)
        let event = RepoCloned(
            remoteURL: try repositories.remote(context.request).withoutUserInfo, branch: branch.name,
            baseCommit: head.text, durationMilliseconds: (ContinuousClock.now - start).milliseconds)
        // The name of the branch is found in a moment: both are recorded at once.
        context.hold(
            RunRecord(
                [try EventDraft(event)], changes: WorkflowChanges(baseBranch: branch.name, baseCommit: head.text)))
        return (branch.name, head, listed)
    }

    /// A name that is taken gives another, unless the request asks for it: then the task ends before it costs anything.
    private func nameBranch(
        _ context: StageContext, _ mirror: Mirror, _ listed: RemoteBranches?, from baseBranch: String, _ base: ObjectID
    ) async throws {
        guard context.record.branchName == nil else { return }
        let candidates = try BranchNames(context.record).planned()
        let known: RemoteBranches
        if let listed {
            known = listed
        } else {
            known = try await repositories.branches(candidates, of: context.request, mirror)
        }
        var obstacle = ""
        for candidate in candidates {
            switch known.standing(of: candidate) {
            case .taken: obstacle = "the branch \(candidate) exists already"
            case .blocked(let other): obstacle = "the branch \(other) leaves no room for \(candidate)"
            case .free:
                if try await take(candidate, context, from: baseBranch, base) { return }
                obstacle = "another task has the branch \(candidate)"
            }
        }
        throw StageFailure(.pushRejected, "\(obstacle); choose another delivery.branch_name")
    }

    /// Records the branch. Returns `false` if it is another task's.
    private func take(
        _ branch: RefName, _ context: StageContext, from baseBranch: String, _ base: ObjectID
    ) async throws -> Bool {
        let event = BranchCreated(branchName: branch.name, baseBranch: baseBranch, baseCommit: base.text)
        do {
            let claim = "\(try repositories.remote(context.request).repository) \(branch.name)"
            try await context.emit(event, changes: WorkflowChanges(branchName: branch.name, branchClaim: claim))
            return true
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            return false
        }
    }

    private func plan(
        _ context: StageContext, _ mirror: Mirror, _ base: ObjectID, _ project: ProjectSettings
    ) async throws -> ImplementationPlan {
        let journal = try await StageJournal(context, emitsSteps: false)
        let agent = context.request.agent
        let foreign = try await mirror.foreignContent(of: base)
        let prompt = PlannerPrompt(TaskBrief(context.request, project, foreign))
        let name = agent.plannerModel ?? agent.model ?? ""
        let prompts = try await journal.begin(
            ConversationPrompts(
                system: prompt.system, task: prompt.task,
                contextTokens: ModelAccess.contextTokens(context.service, model: name)))
        let setup = Conversation.Setup(
            model: name, systemPrompt: prompts.system, taskPrompt: prompts.task,
            catalogue: ToolCatalogue(.planner),
            limits: try ModelAccess.limits(
                context.service, model: name, maxIterations: Self.maxTurns, maxCostUSD: journal.budget,
                contextTokens: prompts.contextTokens))
        let outcome = try await TaskFolder.withWorkTree(
            context, mirror, at: base, sandbox: sandbox, repository: false
        ) { tree in
            try await Conversation(
                setup, model: model, journal: journal, signals: StageSignals(context, journal),
                workspace: ReadOnlyWorkspace(root: tree.directory),
                context: ToolContext(root: tree.directory, runner: sandbox)
            ).run()
        }
        if let failure = outcome.end.failure { throw failure }
        guard case .finished(let call) = outcome.end else {
            throw StageFailure(.internalError, "the planner's conversation ended without a plan")
        }
        return try ImplementationPlan(submitted: call.arguments)
    }
}

extension ImplementationPlan {
    /// The plan that the arguments of `submit_plan` hold; they were checked by the tool.
    init(submitted arguments: JSONValue) throws {
        func texts(_ name: String) -> [String] { arguments[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        self.init(
            goal: arguments["goal"]?.stringValue ?? "", steps: texts("steps"),
            filesToCreate: texts("files_to_create"), filesToModify: texts("files_to_modify"),
            estimatedSteps: arguments["estimated_steps"]?.intValue,
            validationCriteria: texts("validation_criteria"))
    }
}
