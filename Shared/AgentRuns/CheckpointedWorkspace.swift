import Agent
import Git
import Workspaces

/// A kept work tree as a conversation works in it: what stands in the way of keeping it, the model has to mend.
package struct CheckpointedWorkspace: Workspace {
    private let tree: CheckpointedTree

    package init(_ tree: CheckpointedTree) { self.tree = tree }

    package var root: String { tree.directory }

    /// The commit of the last checkpoint, or the one that the work tree began with.
    package var current: ObjectID { tree.current }

    package func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork {
        do {
            let (checkpoint, notes) = try await tree.checkpoint(label: label, written: written, asks: asks)
            return KeptWork(checkpoint, notes: notes)
        } catch let refusal as CheckpointRefusal {
            throw ToolError(refusal.message)
        }
    }
}
