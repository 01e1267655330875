import Contracts
import FoundationEssentials
import Foundations
import Git
import Logging
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// The folder of one stage run's work tree: made for it, handed to the sandbox's account, and removed after it.
package enum TaskFolder {
    /// Lends a work tree with the files of `commit`. Nothing of it is left when `body` ends, however it ends.
    package static func withWorkTree<T: Sendable>(
        _ context: StageContext, _ mirror: Mirror, at commit: ObjectID, sandbox: Sandbox, repository: Bool,
        _ body: (WorkTree) async throws -> T
    ) async throws -> T {
        let folder = try create(context)
        let result: Result<T, any Error>
        do {
            let tree = try await WorkTree.checkout(
                mirror: mirror, commit: commit, at: "\(folder)/tree", sandboxRepository: repository,
                base: context.record.baseCommit.flatMap { ObjectID($0) })
            try await sandbox.prepare(workTree: tree.directory)
            result = .success(try await body(tree))
        } catch {
            result = .failure(error)
        }
        do { try await FolderRemoval.remove(folder) } catch {
            context.logger.warning("a work tree cannot be removed", metadata: ["error": "\(error)"])
        }
        return try result.get()
    }

    /// Below the folder of this process, so that what it leaves behind when it is killed can be told from what is in
    /// use, see ``Housekeeping``.
    private static func create(_ context: StageContext) throws -> String {
        let run = context.run
        let own = WorkFolders.folder(context.service.settings.home, owner: context.service.owner.text)
        let name = "\(run.record.workflowID.text)-\(run.key.stage.rawValue)-\(run.claim.epoch)"
        try WorkFolders.create("\(own)/\(name)")
        return "\(own)/\(name)"
    }
}
