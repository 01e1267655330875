import CommandRuns
import Contracts
import FoundationEssentials
import Git
import Sandbox
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// The sandbox of this host, and what is installed here.
struct SandboxWorkplace: ValidatorWorkplace {
    let context: StageContext
    let mirror: Mirror
    let sandbox: Sandbox
    let setups: Setups
    let project: ProjectSettings
    let base: ObjectID

    var level: SandboxLevel { sandbox.level }

    func prepare(for head: ObjectID) async throws -> any PreparedWorkplace {
        PreparedSandboxWorkplace(
            host: self,
            prepared: try await setups.prepare(sandbox, context, project, mirror, base: base, head: head))
    }
}

/// The sandbox as it was prepared for a tree.
struct PreparedSandboxWorkplace: PreparedWorkplace {
    let host: SandboxWorkplace
    let prepared: PreparedSandbox

    var digest: String? { prepared.digest }
    var issue: String? { prepared.issue }

    func withTree<T: Sendable>(
        at commit: ObjectID, _ body: (any ValidatorTree) async throws -> T
    ) async throws -> T {
        try await TaskFolder.withWorkTree(
            host.context, host.mirror, at: commit, sandbox: host.sandbox, repository: true
        ) { workTree in
            try await body(SandboxTree(place: self, workTree: workTree, commit: commit))
        }
    }
}

/// A work tree of a mirror in the sandbox.
struct SandboxTree: ValidatorTree {
    let place: PreparedSandboxWorkplace
    let workTree: WorkTree
    let commit: ObjectID

    var directory: String { workTree.directory }
    var runner: any CommandRunner { place.prepared.sandbox }

    func changes() async throws -> TreeChanges { try await workTree.changes() }

    func putBack() async throws {
        try await workTree.restore(commit)
        try await place.prepared.sandbox.prepare(workTree: directory)
    }

    func remove(_ paths: [String]) throws {
        // Nothing has run yet: the folders are those of the commit.
        for path in paths { try FileManager.default.removeItem(atPath: "\(directory)/\(path)") }
    }

    func checkpoint() async throws -> (checkpoint: Checkpoint, commit: ObjectID)? {
        let context = place.host.context
        let stored = try await context.service.store.checkpointBytes(of: context.record.workflowID)
        let tree = CheckpointedTree(
            workTree, place.host.mirror, head: commit, stored: stored, logger: context.logger)
        let checkpoint = try await tree.checkpoint(label: "validation", written: [], asks: false).checkpoint
        return checkpoint.map { ($0, tree.current) }
    }
}
