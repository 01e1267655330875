import AgentRuns
import ArgumentParser
import CoderService
import CommandRuns
import Contracts
import ServiceKit
import ServiceLifecycle
import Worker
import Workspaces

@main
struct CoderCommand: ServiceCommand {
    static let kind = ServiceKind.coder
    static let abstract = "Has a model implement planned tasks in a sandboxed work tree. Needs no keys of credentials."
    static let crashSteps = ImplementationStage.crashSteps
    static let subcommands: [any ParsableCommand.Type] = [ForwardCommand.self]

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] {
        let stage = try ImplementationStage(
            context, model: try ModelAccess.model(context), sandbox: try await SandboxSettings.detect(context))
        return [Housekeeping(context), StageWorker(context, stage)]
    }
}
