import Agent
import AgentRuns
import CommandRuns
import Contracts
import Git
import LanguageModels
import RemoteAccess
import Sandbox
import ServiceKit
import Worker
import Workspaces

/// Fetches the repository, names the branch, and has a model plan the change. What is decided is ``TaskPlanning``'s;
/// here is what it works on.
package struct PlanStage: StageHandler {
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
        return try await TaskPlanning(
            run: try await ConversationRun(context),
            remote: try RequestRemote(repositories, context.request, mirror), repository: mirror, findings: context,
            workplace: SandboxWorkplace(context: context, mirror: mirror, sandbox: sandbox), model: model,
            settings: context.service.settings.source, setups: setups
        ).plan()
    }
}
