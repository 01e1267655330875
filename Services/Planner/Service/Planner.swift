import Agent
import AgentRuns
import CommandRuns
import FrontDesk
import LanguageModels
import RemoteAccess
import Sandbox
import ServiceKit
import ServiceLifecycle
import Worker
import Workspaces

/// The planner: the front door of the platform, and its first stage.
package enum Planner {
    package static let crashSteps = [.record, .receipt] + StageWorker.crashSteps + RunJournal.crashSteps

    package static func services(_ context: ServiceContext) async throws -> [any Service] {
        let repositories = try RepositoryAccess(context)
        let desk = try SubmissionDesk(context)
        let stage = PlanStage(
            repositories: repositories, model: try ModelAccess.model(context),
            sandbox: try await SandboxSettings.detect(context), setups: try SetupPolicy(context.settings.source),
            longestStep: ModelAccess.longestCall(context.settings.source))
        let door = FrontDoor(
            FrontDesk(context, desk, repositories), bus: context.bus, subjects: context.settings.subjects,
            openings: context.openings)
        return [
            Housekeeping(context),
            PackServer(
                bus: context.bus, subjects: context.settings.subjects,
                source: RepositoryPacks(context, repositories), logger: context.logger),
            StageWorker(context, stage), door, Intake(context, desk),
        ]
    }
}
