import CommandRuns
import Contracts
import Cryptography
import Foundations
import Git
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// Validates exactly the coder's tree and signs what it saw.
///
/// Also a tree without changes is validated: what fails on it was not mended. Where it passes, nothing is to be pushed
/// and the workflow ends here.
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
        let tree = try await task.mirror.tree(of: head)
        guard tree.text == context.record.headTree ?? tree.text else {
            throw StageFailure(.internalError, "the restored tree is not the one that the coder recorded")
        }
        let project = try await task.project()
        let work = TaskWork(
            context: context, mirror: task.mirror, sandbox: try project.sandbox(sandbox), setups: setups,
            base: try await task.ensureBase(), project: project, journal: try await RunJournal(context))
        let (subject, run) = try await work.validate(head, Self.announce)
        return .finished(try result(work, subject, try await judged(run, of: subject, work)))
    }

    /// In the journal, so that a run that is tried again does not tell it again.
    private static func announce(_ work: TaskWork, _ subject: ValidationSubject) async throws {
        let commands = subject.plan.commands.prefix(20).map { $0.text.clipped(200) }
        let event = ValidationStarted(
            round: work.context.run.key.round, tree: subject.tree.text, commands: Array(commands))
        _ = try await work.journal.keep(
            JournalRequest(.fact, name: "start"), JournalOutcome(true, events: [try EventDraft(event)]))
    }

    /// What the commands do not tell by themselves: that tests of the base are missing.
    private func judged(
        _ run: ValidationRun, of subject: ValidationSubject, _ work: TaskWork
    ) async throws -> ValidationRun {
        var run = run
        let (lost, asked) = try await work.lostTests(subject)
        for issue in lost.issues { run.fail(issue) }
        run.result.issues += lost.notes
        guard run.result.success, subject.isCountable(run.counts) else { return run }
        let key = Baselines.Key(
            tree: subject.baseTree.text, without: asked, commands: subject.plan.commands.map(\.text),
            setup: subject.prepared.digest)
        let before = try await baselines.counts(key) { try await work.baseline(subject, without: asked) }
        for issue in lost.issues(base: before, head: run.counts) { run.fail(issue) }
        return run
    }

    private func result(_ work: TaskWork, _ subject: ValidationSubject, _ run: ValidationRun) throws -> StepResult {
        let result = run.result
        let evidence = Evidence(
            workflowID: work.context.record.workflowID.text, baseCommit: work.base.text, tree: subject.tree.text,
            success: result.success, requested: subject.plan.commands.map(\.text),
            commands: result.commands.map(\.command), exitCodes: result.commands.map(\.exitCode),
            setup: subject.prepared.digest)
        let signature = try EvidenceSignature.sign(evidence, with: signing)
        return try StepResult(
            Self.outcome(run, subject), issue: result.success ? nil : result.issues.first ?? "validation failed",
            summary: work.context.record.outputs.get(ImplementationOutput.self)?.summary ?? "",
            output: ValidationOutput(
                result: result, signed: SignedEvidence(evidence: evidence, signature: signature)),
            changes: WorkflowChanges(sandbox: sandbox.level.rawValue),
            events: [EventDraft(ValidationCompleted(result: result.clipped()))])
    }

    private static func outcome(_ run: ValidationRun, _ subject: ValidationSubject) -> Outcome {
        guard run.result.success else { return run.isRepairable ? .failed : .unrepairable }
        return subject.isChanged ? .succeeded : .unchanged
    }
}

extension ValidationResult {
    /// The result with its texts cut so that it fits into an event.
    fileprivate func clipped() -> ValidationResult {
        var result = self
        result.commands = commands.prefix(8).map { command in
            var command = command
            command.output = String(command.output.suffix(bytes: 300))
            command.command = command.command.clipped(120)
            return command
        }
        result.issues = issues.prefix(5).map { $0.clipped(300) }
        result.suggestions = suggestions.prefix(5).map { $0.clipped(200) }
        return result
    }
}
