import CommandRuns
import Contracts
import Cryptography
import Git
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// Validates exactly the coder's tree and signs what it saw.
///
/// Also a tree without changes is validated: what fails on it was not mended. Where it passes, nothing is to be pushed
/// and the workflow ends here. What is decided is ``TaskValidation``'s; here is what it works on.
package struct ValidationStage: StageHandler {
    /// Commands change nothing outside of the work tree, so what they gave is recorded with the end of the run alone.
    package static let crashSteps = StageWorker.crashSteps + [.effect]

    package let kind = StepKind.validation
    private let mirrors: MirrorStore
    private let sandbox: Sandbox
    private let setups: Setups
    private let signing: SigningKey
    private let baselines = Baselines()

    package init(_ service: ServiceContext, sandbox: Sandbox) throws {
        mirrors = MirrorStore(home: service.settings.home)
        self.sandbox = sandbox
        setups = try Setups(service)
        signing = try service.settings.require(
            service.settings.keys.signing, "AUTOMATA_MASTER_KEY or SIGNING_KEY", for: "validator")
    }

    package func run(_ context: StageContext) async throws -> StageEnd {
        let task = try await TaskMirror(context, mirrors)
        let head = try await task.restore()
        let base = try await task.ensureBase()
        let project = try await task.project()
        let validation = TaskValidation(
            task: try ValidatedTask(context, base: base, project), repository: task.mirror,
            workplace: SandboxWorkplace(
                context: context, mirror: task.mirror, sandbox: try project.sandbox(sandbox), setups: setups,
                project: project, base: base),
            journal: try await RunJournal(context), baselines: baselines, signing: signing,
            crashPoints: context.service.crashPoints, progressed: context.control.progressed)
        return .finished(try await validation.run(on: head))
    }
}
