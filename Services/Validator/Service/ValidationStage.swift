import Agent
import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Git
import Sandbox
import ServiceKit
import StageKit
import TaskStore

/// Validates exactly the coder's tree and signs what it saw. A failure goes back to the coder, so often as allowed.
package struct ValidationStage: StageHandler {
    /// Commands change nothing outside of the work tree, so what they gave is recorded with the end of the run alone.
    package static let crashSteps = StageWorker.crashSteps + [.effect]

    package let stage = Stage.validation
    private let mirrors: MirrorStore
    private let sandbox: Sandbox
    private let signing: SigningKey

    package init(_ service: ServiceContext, sandbox: Sandbox) throws {
        mirrors = MirrorStore(home: service.settings.home)
        self.sandbox = sandbox
        signing = try service.settings.require(
            service.settings.keys.signing, "AUTOMATA_MASTER_KEY or SIGNING_KEY", for: "validator")
    }

    package func run(_ context: StageContext) async throws -> StageOutcome {
        let task = try await TaskMirror(context, mirrors)
        let head = try await task.restore()
        let tree = try await task.mirror.tree(of: head)
        guard tree.text == context.record.headTree ?? tree.text else {
            throw StageFailure(.internalError, "the restored tree is not the one that the coder recorded")
        }
        let base = try await task.ensureBase()
        let changes = try await task.mirror.diff(from: base, to: head, maxBytes: 0)
        let plan = try await plan(context, task.mirror, changes, head: head)
        try await announce(context, plan, tree)
        let result =
            if let issue = Self.scopeIssue(context.request.agent.scopePaths, changes) {
                ValidationResult(success: false, issues: [issue])
            } else {
                try await validate(context, plan, task.mirror, head)
            }
        return try outcome(context, result, tree)
    }

    /// A tree without changes needs no proof: the workflow ends as `completed_no_changes`.
    private func plan(
        _ context: StageContext, _ mirror: Mirror, _ changes: DiffSummary, head: ObjectID
    ) async throws -> ValidationPlan? {
        guard !changes.files.isEmpty else { return nil }
        let paths = try await mirror.paths(at: head)
        var texts: [String: String] = [:]
        for name in ["package.json", "Makefile", "makefile"] where paths.contains(name) {
            texts[name] = try await mirror.file(at: head, path: name, maxBytes: 1 << 20).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        let changed = changes.files.filter { $0.status != .deleted }.map(\.path)
        return ValidationPlan(
            requested: context.request.validation.commands, paths: paths, changed: changed, contents: { texts[$0] })
    }

    /// The file tools keep to the scope by themselves; a command does not, so the result is held against it.
    private static func scopeIssue(_ paths: [String]?, _ changes: DiffSummary) -> String? {
        let scope = PathScope(paths)
        let outside = changes.files.flatMap { [$0.path] + [$0.oldPath].compactMap(\.self) }.filter { !scope.allows($0) }
        guard !outside.isEmpty else { return nil }
        let names = Set(outside).sorted().prefix(20).joined(separator: ", ")
        return "Changed outside of agent.scope_paths (\(scope.description)), undo it: \(names)"
    }

    private func announce(_ context: StageContext, _ plan: ValidationPlan?, _ tree: ObjectID) async throws {
        let commands = plan?.commands.prefix(20).map { $0.text.clipped(200) } ?? []
        let event = ValidationStarted(round: context.run.key.round, tree: tree.text, commands: Array(commands))
        // In the journal, so that a run that is tried again does not tell it again.
        _ = try await RunJournal(context).keep(
            JournalRequest(.fact, name: "start"), JournalOutcome(true, events: [try EventDraft(event)]))
    }

    private func validate(
        _ context: StageContext, _ plan: ValidationPlan?, _ mirror: Mirror, _ head: ObjectID
    ) async throws -> ValidationResult {
        guard let plan else {
            return ValidationResult(success: true, suggestions: ["Nothing was changed, so nothing was run."])
        }
        let timeout = Duration.seconds(context.request.validation.timeoutSeconds)
        return try await TaskFolder.withWorkTree(
            context, mirror, at: head, sandbox: sandbox, repository: true
        ) { workTree in
            let runner = ValidationRunner(
                sandbox: sandbox, workTree: workTree.directory, timeout: timeout,
                crashPoints: context.service.crashPoints, progressed: context.control.progressed)
            return try await runner.run(plan)
        }
    }

    private func outcome(
        _ context: StageContext, _ result: ValidationResult, _ tree: ObjectID
    ) throws -> StageOutcome {
        let events = [try EventDraft(ValidationCompleted(result: result.clipped()))]
        var changes = WorkflowChanges(validation: result, sandbox: sandbox.level.rawValue)
        let evidence = Evidence(
            workflowID: context.record.workflowID.text, tree: tree.text, success: result.success,
            commands: result.commands.map(\.command), exitCodes: result.commands.map(\.exitCode))
        changes.evidence = SignedEvidence(
            evidence: evidence, signature: try EvidenceSignature.sign(evidence, with: signing))
        guard result.success else {
            guard context.run.key.round < context.request.validation.maxRepairRounds else {
                let reason = result.issues.first ?? "validation failed"
                return .end(.validationFailed, reason: reason, changes, events)
            }
            return .advance(to: .implementation, changes, events)
        }
        guard context.request.delivery.approval == .push else { return .advance(to: .push, changes, events) }
        let request = ApprovalRequested(approval: "push", summary: context.record.summary?.clipped(500) ?? "")
        return .awaitApproval(of: .push, changes, events + [try EventDraft(request)])
    }
}

extension ValidationResult {
    /// The result with its texts cut so that it fits into an event.
    fileprivate func clipped() -> ValidationResult {
        var result = self
        result.commands = commands.prefix(8).map { command in
            var command = command
            command.output = String(command.output.suffix(300))
            command.command = command.command.clipped(120)
            return command
        }
        result.issues = issues.prefix(5).map { $0.clipped(300) }
        result.suggestions = suggestions.prefix(5).map { $0.clipped(200) }
        return result
    }
}
