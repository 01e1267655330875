import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Git
import RemoteAccess
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// Makes the one commit of a task and pushes it, if the validator vouches for exactly this tree.
package struct PushStage: StageHandler {
    package static let crashSteps = StageWorker.crashSteps + RunJournal.crashSteps

    package let kind = StepKind.push
    private let repositories: RepositoryAccess
    private let verifying: VerifyKey

    package init(_ service: ServiceContext) throws {
        repositories = try RepositoryAccess(service)
        verifying = try service.settings.require(
            service.settings.keys.verifying, "AUTOMATA_MASTER_KEY or VERIFY_KEY", for: "pusher")
    }

    package func run(_ context: StageContext) async throws -> StageEnd {
        let validation: ValidationOutput? = try context.record.outputs.get()
        if validation?.signed.evidence.isOfEarlierVersion == true {
            return .finished(StepResult(.stale, issue: "the evidence is of an earlier version"))
        }
        let (mirror, base, head) = try await restore(context)
        let tree = try await mirror.tree(of: head)
        let project = try await ProjectSettings(at: base, in: mirror)
        let setup = try await SetupPlan(context, project, mirror, base: base, head: head)
        try check(
            validation, context, tree, requested: project.commands(of: context.request), setup: setup?.digest)
        if try await mirror.tree(of: base) == tree {
            return .finished(StepResult(.unchanged))
        }
        let commit = try await commit(context, mirror, base: base, tree: tree)
        guard context.request.delivery.push else {
            return .finished(StepResult(.succeeded, changes: WorkflowChanges(commitHash: commit.text)))
        }
        let branch = try await BranchDelivery(
            repositories: repositories, context: context, mirror: mirror, commit: commit
        ).run()
        let event = try EventDraft(ChangesPushed(branchName: branch.name, commitHash: commit.text))
        let changes = WorkflowChanges(branchName: branch.name, commitHash: commit.text)
        return .finished(StepResult(.succeeded, changes: changes, events: [event]))
    }

    /// The pusher's own mirror, filled from the remote and the recorded checkpoints.
    private func restore(_ context: StageContext) async throws -> (Mirror, base: ObjectID, head: ObjectID) {
        let mirror = try await repositories.mirror(context.request)
        guard let base = context.record.baseCommit.flatMap({ ObjectID($0) }) else {
            throw StageFailure(.internalError, "the record names no base commit")
        }
        try await repositories.ensure(base, of: context.request, in: mirror)
        return (mirror, base, try await TaskMirror.addCheckpoints(of: context, after: base, to: mirror))
    }

    private func check(
        _ validation: ValidationOutput?, _ context: StageContext, _ tree: ObjectID, requested: [String], setup: String?
    ) throws {
        guard let validation,
            EvidenceSignature.verify(validation.signed.signature, of: validation.signed.evidence, with: verifying)
        else { throw StageFailure(.internalError, "the validator's evidence is missing or not signed by it") }
        let check = EvidenceCheck(
            workflowID: context.record.workflowID.text, baseCommit: context.record.baseCommit ?? "", tree: tree.text,
            requested: requested, setup: setup, validation: validation.result)
        if let fault = check.fault(of: validation.signed.evidence) { throw StageFailure(.internalError, fault) }
    }

    /// Everything that goes into the commit comes from the record: tried again, it is the same commit.
    private func commit(
        _ context: StageContext, _ mirror: Mirror, base: ObjectID, tree: ObjectID
    ) async throws -> ObjectID {
        let record = context.record
        let work: ImplementationOutput? = try record.outputs.get()
        let message = CommitMessage.text(
            request: context.request, workflowID: record.workflowID.text, proposed: work?.commitMessage,
            summary: work?.summary)
        let commit = try await mirror.commit(
            tree: tree, parents: [base], message: message,
            author: context.request.delivery.author.map(Author.init) ?? .automata,
            committer: context.request.delivery.committer.map(Author.init), date: record.createdAt)
        if record.commitHash == nil {
            let event = ChangesCommitted(
                branchName: record.branchName ?? "", commitHash: commit.text,
                filesChanged: record.difference.filesChanged,
                insertions: record.difference.insertions, deletions: record.difference.deletions)
            try await context.emit(event, changes: WorkflowChanges(commitHash: commit.text))
        }
        return commit
    }
}

extension Author {
    fileprivate init(_ identity: CommitIdentity) { self.init(name: identity.name, email: identity.email) }
}
