import CommandRuns
import Contracts
import Foundations
import Git
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// One validation at work on a task's trees.
struct TaskWork: Sendable {
    /// How often what commands wrote is validated again.
    private static let mostWrites = 3

    let context: StageContext
    let mirror: Mirror
    let sandbox: Sandbox
    let setups: Setups
    let base: ObjectID
    let project: ProjectSettings
    let journal: RunJournal

    private var settings: ValidationSettings { context.request.validation }

    /// Runs the commands on `head`; where they may write, again on what they wrote, until they write nothing more.
    ///
    /// Every tree that they wrote is recorded, so a run that is tried again goes on with the last one.
    func validate(
        _ head: ObjectID, _ announce: (TaskWork, ValidationSubject) async throws -> Void
    ) async throws -> (ValidationSubject, ValidationRun) {
        // The first entry is the start, every other a tree that was written.
        var writes = max(0, journal.results.count - 1)
        var subject = try await subject(at: head)
        try await announce(self, subject)
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

    private func subject(at head: ObjectID) async throws -> ValidationSubject {
        let changes = try await mirror.diff(from: base, to: head, maxBytes: 0)
        let changed = changes.files.filter { $0.status != .deleted }.map(\.path)
        let removed = changes.files.filter { $0.status == .deleted }.map(\.path) + changes.files.compactMap(\.oldPath)
        let files = try await ProjectFiles(of: base, in: mirror, touched: changed + removed)
        let new = try await ProjectFiles(of: head, in: mirror, touched: changed + removed)
        return ValidationSubject(
            head: head, tree: try await mirror.tree(of: head), baseTree: try await mirror.tree(of: base),
            changes: changes,
            plan: ValidationPlan(
                requested: project.commands(of: context.request), base: files, head: new, changed: changed,
                removed: removed),
            prepared: try await setups.prepare(sandbox, context, project, mirror, base: base, head: head),
            baseHoldsTests: files.paths.contains(where: TestFile.isTest))
    }

    /// The file tools keep to the scope by themselves; a command does not, so the result is held against it.
    private func scopeIssue(_ changes: DiffSummary) -> String? {
        let scope = PathScope(context.request.agent.scopePaths)
        let outside = changes.files.flatMap { [$0.path] + [$0.oldPath].compactMap(\.self) }.filter { !scope.allows($0) }
        guard !outside.isEmpty else { return nil }
        let names = Set(outside).sorted().prefix(20).joined(separator: ", ")
        return "Changed outside of agent.scope_paths (\(scope.description)), undo it: \(names)"
    }

    /// Runs the commands once. Returns the commit of what they wrote, if that is to be validated in its turn.
    private func pass(
        over subject: ValidationSubject, mayKeep: Bool
    ) async throws -> (ValidationRun, written: ObjectID?) {
        try await TaskFolder.withWorkTree(
            context, mirror, at: subject.head, sandbox: sandbox, repository: true
        ) { workTree in
            let tree = ValidatedTree(workTree: workTree, head: subject.head, sandbox: subject.prepared.sandbox)
            var run = try await runner(tree, mayWrite: settings.write, context.service.crashPoints).run(subject.plan)
            guard run.hasWritten else { return (run, nil) }
            guard mayKeep else {
                run.fail("The commands change the tree again each time they run; let them come to an end.")
                return (run, nil)
            }
            do { return (run, try await keep(workTree, over: subject.head)) } catch let error as CheckpointRefusal {
                run.fail(error.message)
                return (run, nil)
            }
        }
    }

    func runner(
        _ tree: ValidatedTree, mayWrite: Bool, _ crashPoints: CrashPoints = .none
    ) -> ValidationRunner {
        ValidationRunner(
            sandbox: tree.sandbox, tree: tree, timeout: .seconds(settings.timeoutSeconds), mayWrite: mayWrite,
            crashPoints: crashPoints, progressed: context.control.progressed)
    }

    /// Makes what the commands wrote part of the work. Throws ``CheckpointRefusal`` if it cannot be.
    private func keep(_ workTree: WorkTree, over head: ObjectID) async throws -> ObjectID {
        let stored = try await context.service.store.checkpointBytes(of: context.record.workflowID)
        let tree = CheckpointedTree(workTree, mirror, head: head, stored: stored, logger: context.logger)
        guard let checkpoint = try await tree.checkpoint(label: "validation", written: [], asks: false).checkpoint
        else {
            throw CheckpointRefusal(
                "The commands left files that cannot be kept: too large, or no plain files. Name them in .gitignore.")
        }
        let diff = try await mirror.diff(from: base, to: tree.current, maxBytes: 0)
        let changes = WorkflowChanges(difference: Difference(diff))
        _ = try await record(
            JournalOutcome(["tree": .string(checkpoint.tree)], checkpoint: checkpoint, changes: changes))
        return tree.current
    }

    /// A step of the journal; `nil` passes over one that an earlier owner of the run took.
    private func record(_ outcome: JournalOutcome?) async throws -> JSONValue {
        try await journal.keep(JournalRequest(.fact, name: "written"), outcome ?? JournalOutcome(.null))
    }
}
