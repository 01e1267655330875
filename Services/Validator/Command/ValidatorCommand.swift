import ArgumentParser
import CommandRuns
import Contracts
import Sandbox
import ServiceKit
import ServiceLifecycle
import ValidatorService
import Worker
import Workspaces

@main
struct ValidatorCommand: ServiceCommand {
    static let kind = ServiceKind.validator
    static let abstract = "Validates the coder's tree in the sandbox and signs the evidence."
    static let crashSteps = ValidationStage.crashSteps
    static let subcommands: [any ParsableCommand.Type] = [ForwardCommand.self]

    @OptionGroup var options: ServiceOptions

    func services(_ context: ServiceContext) async throws -> [any Service] {
        let sandbox = try await SandboxSettings.detect(context)
        return [Housekeeping(context), StageWorker(context, try ValidationStage(context, sandbox: sandbox))]
    }
}
