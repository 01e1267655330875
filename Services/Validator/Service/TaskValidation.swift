import Contracts
import Cryptography
import Foundations
import Git
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// One validation of a task: which trees its commands run on, and what comes of it.
struct TaskValidation: Sendable {
    /// How often what commands wrote is validated again.
    private static let mostWrites = 3

    let task: ValidatedTask
    let repository: any ValidatedRepository
    let workplace: any ValidatorWorkplace
    let journal: any FactJournal
    let baselines: Baselines
    let signing: SigningKey
    var crashPoints = CrashPoints.none
    /// Told after each command.
    var progressed: @Sendable () -> Void = {}

    private var settings: ValidationSettings { task.request.validation }

    /// Validates the tree of `head` and signs what it saw.
    func run(on head: ObjectID) async throws -> StepResult {
        let tree = try await repository.tree(of: head)
        guard tree.text == task.recordedTree ?? tree.text else {
            throw StageFailure(.internalError, "the restored tree is not the one that the coder recorded")
        }
        let (subject, run) = try await validate(head)
        let judged = try await judged(run, of: subject)
        return try result(try await tested(judged, of: subject), of: subject)
    }

    /// Runs the commands on `head`; where they may write, again on what they wrote, until they write nothing more.
    ///
    /// Every tree that they wrote is recorded, so a run that is tried again goes on with the last one.
    private func validate(_ head: ObjectID) async throws -> (ValidationSubject, ValidationRun) {
        // The first entry is the start, every other a tree that was written.
        var writes = max(0, journal.results.count - 1)
        var subject = try await subject(at: head)
        try await announce(subject)
        for _ in 0..<writes { _ = try await record(nil) }
        while true {
            if let issue = scopeIssue(subject.changes) ?? subject.prepared.issue {
                var run = ValidationRun(subject.plan)
                run.fail(issue)
                return (subject, run)
            }
            let (run, written) = try await pass(over: subject, mayKeep: writes < Self.mostWrites)
            guard let written else { return (subject, run) }
            writes += 1
            subject = try await self.subject(at: written)
        }
    }

    /// In the journal, so that a run that is tried again does not tell it again.
    private func announce(_ subject: ValidationSubject) async throws {
        let commands = subject.plan.texts.prefix(20).map { $0.clipped(200) }
        let event = ValidationStarted(round: task.round, tree: subject.tree.text, commands: Array(commands))
        _ = try await journal.keep(
            JournalRequest(.fact, name: "start"), JournalOutcome(true, events: [try EventDraft(event)]))
    }

    private func subject(at head: ObjectID) async throws -> ValidationSubject {
        let changes = try await repository.diff(from: task.base, to: head, maxBytes: 0)
        let changed = changes.files.filter { $0.status != .deleted }.map(\.path)
        let removed = changes.files.filter { $0.status == .deleted }.map(\.path) + changes.files.compactMap(\.oldPath)
        let files = try await repository.files(of: task.base, touched: changed + removed)
        let new = try await repository.files(of: head, touched: changed + removed)
        let (candidates, others) = SyntaxPlan.candidates(changes.files)
        let sources = try await repository.sources(of: candidates, at: head)
        return ValidationSubject(
            head: head, tree: try await repository.tree(of: head), baseTree: try await repository.tree(of: task.base),
            changes: changes,
            plan: ValidationPlan(
                requested: task.commands, base: files, head: new, changed: changed, removed: removed,
                syntax: SyntaxPlan(sources, others: others)),
            prepared: try await workplace.prepare(for: head),
            baseHoldsTests: files.paths.contains(where: TestFile.isTest))
    }

    /// The file tools keep to the scope by themselves; a command does not, so the result is held against it.
    private func scopeIssue(_ changes: DiffSummary) -> String? {
        let scope = PathScope(task.request.agent.scopePaths)
        let outside = changes.files.flatMap { [$0.path] + [$0.oldPath].compactMap(\.self) }.filter { !scope.allows($0) }
        guard !outside.isEmpty else { return nil }
        let names = Set(outside).sorted().prefix(20).joined(separator: ", ")
        return "Changed outside of agent.scope_paths (\(scope.description)), undo it: \(names)"
    }

    /// Runs the commands once. Returns the commit of what they wrote, if that is to be validated in its turn.
    private func pass(
        over subject: ValidationSubject, mayKeep: Bool
    ) async throws -> (ValidationRun, written: ObjectID?) {
        let first = try await run(subject.plan, on: subject, mayKeep: mayKeep)
        let known = try await brokenOnBase(first.0.broken, of: subject)
        guard !known.isEmpty else { return first }
        return try await run(subject.plan.leavingOut(known), on: subject, mayKeep: mayKeep)
    }

    private func run(
        _ plan: ValidationPlan, on subject: ValidationSubject, mayKeep: Bool
    ) async throws -> (ValidationRun, written: ObjectID?) {
        try await subject.prepared.withTree(at: subject.head) { tree in
            var run = try await runner(tree, mayWrite: settings.write, crashPoints).run(plan)
            guard run.hasWritten else { return (run, nil) }
            guard mayKeep else {
                run.fail("The commands change the tree again each time they run; let them come to an end.")
                return (run, nil)
            }
            do { return (run, try await keep(tree)) } catch let error as CheckpointRefusal {
                run.fail(error.message)
                return (run, nil)
            }
        }
    }

    func runner(
        _ tree: any ValidatorTree, mayWrite: Bool, _ crashPoints: CrashPoints = .none
    ) -> ValidationRunner {
        ValidationRunner(
            sandbox: tree.runner, tree: tree, timeout: .seconds(settings.timeoutSeconds), mayWrite: mayWrite,
            crashPoints: crashPoints, progressed: progressed)
    }

    /// Makes what the commands wrote part of the work. Throws ``CheckpointRefusal`` if it cannot be.
    private func keep(_ tree: any ValidatorTree) async throws -> ObjectID {
        guard let (checkpoint, commit) = try await tree.checkpoint() else {
            throw CheckpointRefusal(
                "The commands left files that cannot be kept: too large, or no plain files. Name them in .gitignore.")
        }
        let diff = try await repository.diff(from: task.base, to: commit, maxBytes: 0)
        let changes = WorkflowChanges(difference: Difference(diff))
        _ = try await record(
            JournalOutcome(["tree": .string(checkpoint.tree)], checkpoint: checkpoint, changes: changes))
        return commit
    }

    /// A step of the journal; `nil` passes over one that an earlier owner of the run took.
    private func record(_ outcome: JournalOutcome?) async throws -> JSONValue {
        try await journal.keep(JournalRequest(.fact, name: "written"), outcome ?? JournalOutcome(.null))
    }
}
