import Contracts
import Git
import Sandbox

/// Where a validation runs commands on trees of its task.
protocol ValidatorWorkplace: Sendable {
    /// The isolation in force.
    var level: SandboxLevel { get }

    /// The place for the tree of `head`, with what is installed for it. Throws where what the base asks for cannot be.
    func prepare(for head: ObjectID) async throws -> any PreparedWorkplace
}

/// A place where commands find what was installed for a tree.
protocol PreparedWorkplace: Sendable {
    /// The digest of what was installed; `nil` where nothing is to be.
    var digest: String? { get }
    /// Why not all that the change names is installed, for people and models.
    var issue: String? { get }

    /// Lends a work tree with the files of `commit`. Nothing of it is left when `body` ends, however it ends.
    func withTree<T: Sendable>(
        at commit: ObjectID, _ body: (any ValidatorTree) async throws -> T
    ) async throws -> T
}

/// A work tree in which commands run.
protocol ValidatorTree: WatchedTree {
    /// Runs commands in it.
    var runner: any CommandRunner { get }

    /// Takes files of the commit out of it, before anything has run there.
    func remove(_ paths: [String]) throws

    /// Keeps the tree as the commands left it; `nil` where nothing of what they wrote can be kept. Throws
    /// `CheckpointRefusal` where the tree cannot be kept as it is.
    func checkpoint() async throws -> (checkpoint: Checkpoint, commit: ObjectID)?
}
