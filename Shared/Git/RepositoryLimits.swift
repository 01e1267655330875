/// How much a commit may hold to be worked on. A pack of a few kilobytes can unroll to more than any disk has: to many
/// paths that share few objects, or to a file of zeros.
package struct RepositoryLimits: Sendable, Hashable {
    /// Files and folders, by path.
    package var maxEntries: Int
    /// Bytes of one file.
    package var maxFileBytes: Int
    /// Bytes of all files.
    package var maxBytes: Int
    /// Folders within each other.
    package var maxDepth: Int

    package init(
        maxEntries: Int = 250_000, maxFileBytes: Int = 100 << 20, maxBytes: Int = 2 << 30, maxDepth: Int = 250
    ) {
        self.maxEntries = maxEntries
        self.maxFileBytes = maxFileBytes
        self.maxBytes = maxBytes
        self.maxDepth = maxDepth
    }

    /// Bytes of all paths together.
    var maxPathBytes: Int { maxEntries * 256 }
    /// Bytes of what describes a folder or a commit.
    var maxDescriptionBytes: Int { 32 << 20 }

    static func tooDeep(_ limit: Int) -> GitError { refusal("folders lie more than \(limit) deep within each other") }

    /// The error that names the limit.
    static func refusal(_ reason: String) -> GitError {
        GitError(.tooLarge, "the repository is too large: \(reason)")
    }
}
