/// What a snapshot of a work tree found.
package struct Snapshot: Sendable, Hashable {
    /// The new commit, or `nil` if the tree equals that of the parent.
    package let commit: ObjectID?
    /// The tree of the files, whether new or not.
    package let tree: ObjectID
    /// What was left out on purpose.
    package let skipped: [SkippedFile]
    /// New files that `.gitignore` covers, and that are part of the work because they were to be kept.
    package let forced: [String]
    /// New files and directories that look like what tools leave behind: they were left out.
    package let leftovers: [String]
    /// New files and directories that the repository's `.gitignore` covers, the first of them: they were left out.
    package let ignored: [String]

    package init(
        commit: ObjectID?, tree: ObjectID, skipped: [SkippedFile], forced: [String] = [], leftovers: [String] = [],
        ignored: [String] = []
    ) {
        self.commit = commit
        self.tree = tree
        self.skipped = skipped
        self.forced = forced
        self.leftovers = leftovers
        self.ignored = ignored
    }
}

/// A file that a snapshot left out. What was committed at its path before stays, unless it is really gone.
package struct SkippedFile: Sendable, Hashable {
    package enum Reason: String, Sendable, Hashable {
        /// Larger than ``SnapshotLimits/maxFileBytes``.
        case tooLarge
        /// Neither a file, a directory nor a symbolic link. A file that was there before is gone.
        case specialFile
        /// A name that Git refuses, for example a variant of `.git`.
        case forbiddenName
        /// Directories nest too deeply.
        case tooDeep
        /// A submodule, in which there are files.
        case submodule
        /// New content of a file that is kept in Git LFS.
        case largeFileStorage
    }

    /// The path from the root of the work tree.
    package let path: String
    package let reason: Reason

    package init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// A path of a walk, for people.
    static func text(_ path: [UInt8]) -> String {
        path.isEmpty ? "the work tree" : String(decoding: path.dropLast(), as: UTF8.self)
    }
}

/// Bounds of a snapshot, against a command that fills the disk.
package struct SnapshotLimits: Sendable, Hashable {
    /// A larger file is skipped and reported. Bytes.
    package var maxFileBytes: Int
    /// More new content than this in one snapshot throws ``GitError/Code/tooLarge``. Bytes.
    package var maxNewBytes: Int
    /// More files than this throws ``GitError/Code/tooLarge``.
    package var maxFiles: Int

    package init(maxFileBytes: Int = 50 << 20, maxNewBytes: Int = 64 << 20, maxFiles: Int = 200_000) {
        self.maxFileBytes = maxFileBytes
        self.maxNewBytes = maxNewBytes
        self.maxFiles = maxFiles
    }
}
