import PlatformSupport
import ScriptedModelServer

/// The script of the shared platform: every suite adds the roles that its tasks name.
enum Scripts {
    static let all: [Role] =
        [
            HappyPathTests.roles, RepairTests.roles, DeliveryTests.roles, RepositoryTests.roles, ModelTests.roles,
            CommandTests.roles, WebhookTests.roles, ControlTests.roles, SubmissionTests.roles, SecrecyTests.roles,
            CancellationTests.roles, DependencyTests.roles, ValidationTests.roles, FileTests.roles,
            ProjectSettingsTests.roles, ShapeTests.roles, CatalogueTests.roles,
        ].flatMap { $0 } + [.anyPlanner]
}
