import FoundationEssentials
import Git
import Sandbox

/// The work tree of a validation.
struct ValidatedTree: WatchedTree {
    let workTree: WorkTree
    let head: ObjectID
    let sandbox: Sandbox

    var directory: String { workTree.directory }

    func changes() async throws -> TreeChanges { try await workTree.changes() }

    func putBack() async throws {
        try await workTree.restore(head)
        try await sandbox.prepare(workTree: directory)
    }
}
