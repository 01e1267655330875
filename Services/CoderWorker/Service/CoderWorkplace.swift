import Agent
import AgentRuns
import CommandRuns
import Git
import Sandbox
import TaskStore
import Worker
import Workspaces

/// Where a coder works.
protocol CoderWorkplace: Sendable {
    /// The isolation of its commands.
    var level: SandboxLevel { get }

    /// Lends a work tree with the files of `commit`. Nothing of it is left when `body` ends, however it ends; what was
    /// kept of it is in the repository.
    func withTree<T: Sendable>(at commit: ObjectID, _ body: (any CoderTree) async throws -> T) async throws -> T
}

/// A work tree of a coder.
protocol CoderTree: Workspace {
    /// Runs commands in it.
    var runner: any CommandRunner { get }
    /// The commit that was kept last, or the one that it began with.
    var current: ObjectID { get }
}

/// The sandbox of this host, with what is installed for the task.
struct SandboxWorkplace: CoderWorkplace {
    let context: StageContext
    let mirror: Mirror
    let sandbox: Sandbox

    var level: SandboxLevel { sandbox.level }

    func withTree<T: Sendable>(at commit: ObjectID, _ body: (any CoderTree) async throws -> T) async throws -> T {
        try await TaskFolder.withWorkTree(context, mirror, at: commit, sandbox: sandbox, repository: true) { tree in
            let kept = CheckpointedTree(
                tree, mirror, head: commit, stored: context.run.history.checkpointBytes, logger: context.logger)
            return try await body(SandboxTree(workspace: CheckpointedWorkspace(kept), runner: sandbox))
        }
    }
}

/// A work tree of a mirror in the sandbox.
struct SandboxTree: CoderTree {
    let workspace: CheckpointedWorkspace
    let runner: any CommandRunner

    var root: String { workspace.root }
    var current: ObjectID { workspace.current }

    func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork {
        try await workspace.checkpoint(label: label, written: written, asks: asks)
    }
}
