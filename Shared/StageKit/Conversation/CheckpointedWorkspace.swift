import Agent
import FoundationEssentials
import Foundations
import Git
import Logging
import ServiceKit
import Synchronization

/// The coder's work tree: each checkpoint is a commit in the mirror, on top of the one before, with its thin pack.
package final class CheckpointedWorkspace: Workspace {
    package let root: String
    private let workTree: WorkTree
    private let mirror: Mirror
    private let logger: Logger
    private let head: Mutex<ObjectID>

    package init(_ workTree: WorkTree, _ mirror: Mirror, head: ObjectID, logger: Logger) {
        self.logger = logger
        root = workTree.directory
        self.workTree = workTree
        self.mirror = mirror
        self.head = Mutex(head)
    }

    /// The commit of the last checkpoint, or the one that the work tree began with.
    package var current: ObjectID { head.withLock { $0 } }

    package func checkpoint(label: String) async throws -> WorkCheckpoint? {
        let parent = current
        let snapshot: Snapshot
        do {
            snapshot = try await workTree.snapshot(parent: parent, message: "checkpoint: \(label)", date: Date())
        } catch let error as GitError where error.code == .tooLarge {
            throw ToolError(
                "The work tree is too large to be kept: \(error.message). Remove what does not belong to the task; "
                    + "until then no change is kept.")
        }
        for file in snapshot.skipped {
            logger.warning(
                "a file is not part of the work", metadata: ["path": "\(file.path)", "reason": "\(file.reason)"])
        }
        guard let commit = snapshot.commit else { return nil }
        let pack = try await mirror.pack(want: commit, have: [parent])
        head.withLock { $0 = commit }
        return WorkCheckpoint(commit: commit.text, tree: snapshot.tree.text, base: parent.text, pack: pack)
    }
}
