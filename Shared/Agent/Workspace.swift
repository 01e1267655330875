import Contracts

/// The work tree of a conversation.
package protocol Workspace: Sendable {
    /// Its absolute path on this host.
    var root: String { get }
    /// Keeps the tree as it is now. It is called after each tool call that may have changed files and before the end,
    /// as a part of the same step. Throws ``ToolError`` where the model has to mend the tree before it can be kept.
    ///
    /// - Parameters:
    ///   - written: What file tools wrote or the model names, relative to the root: it is kept even where `.gitignore`
    ///     covers it. What commands leave behind is not.
    ///   - asks: Whether this is the end and the model may be asked, with a ``ToolError``, what is to become of what
    ///     would be left out.
    func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork
}

/// What was kept of a work tree.
package struct KeptWork: Sendable, Hashable {
    /// `nil` if the tree has not changed since the last checkpoint.
    package var checkpoint: Checkpoint?
    /// What the model has to know of it, a line each.
    package var notes: [String]

    package init(_ checkpoint: Checkpoint? = nil, notes: [String] = []) {
        self.checkpoint = checkpoint
        self.notes = notes
    }
}

/// A work tree that is only read: its checkpoints are empty.
package struct ReadOnlyWorkspace: Workspace {
    package let root: String
    package init(root: String) { self.root = root }
    package func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork { KeptWork() }
}
