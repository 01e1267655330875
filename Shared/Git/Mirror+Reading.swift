import CGit2
import FoundationEssentials
import Foundations

// Reading the files of a commit without a work tree.
extension Mirror {
    /// Hands the files of a commit to `body`, which may block: what belongs together is read in one call.
    package func reading<T: Sendable>(
        _ commit: ObjectID, _ body: @escaping @Sendable (CommitFiles) throws -> T
    ) async throws -> T {
        try await perform { interruption in
            try self.require(commit, interruption)
            return try self.objects.withRepository { repository in
                let root = try Self.tree(of: commit, in: repository)
                return try body(
                    CommitFiles(mirror: self, root: root.raw, repository: repository, interruption: interruption))
            }
        }
    }

    /// The tree of a commit.
    package func tree(of commit: ObjectID) async throws -> ObjectID {
        if let known = knownTree(of: commit) { return known }
        return try await reading(commit) { ObjectID(git_tree_id($0.root).pointee) }
    }

    /// The contents of a file, or the target of a symbolic link; `nil` if there is no such file.
    ///
    /// Throws ``GitError/Code/tooLarge`` if it has more than `maxBytes` bytes.
    package func file(at commit: ObjectID, path: String, maxBytes: Int) async throws -> Data? {
        try await reading(commit) { try $0.contents(of: path, maxBytes: maxBytes) }
    }

    /// The entries of a directory in Git's order, `""` being the root; `nil` if there is no such directory.
    package func list(at commit: ObjectID, path: String = "") async throws -> [TreeEntry]? {
        try await reading(commit) { try $0.entries(of: path) }
    }

    /// The paths of all files and symbolic links of a commit, in order of their bytes.
    package func paths(at commit: ObjectID) async throws -> [String] {
        try await reading(commit) { try $0.paths() }
    }

    /// The files and symbolic links of a commit whose paths are wanted.
    package func files(
        at commit: ObjectID, where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws -> [TreeEntry] {
        try await reading(commit) { try $0.files(where: isWanted) }
    }

    /// What `make` makes of a commit: the same for ever, so it is made once for as long as the mirror is open.
    package func remembering<T: Sendable>(
        of commit: ObjectID, _ make: () async throws -> T
    ) async throws -> T {
        if let known = remembered(of: commit, as: T.self) { return known }
        let made = try await make()
        remember(made, of: commit)
        return made
    }

    /// The bytes of a blob, or `nil` if there are more than `maxBytes`. The size is known before anything is read.
    func blob(_ id: git_oid, maxBytes: Int) throws -> Data? {
        guard try objects.size(of: id) <= maxBytes else { return nil }
        return try objects.withBlob(id, maxBytes: maxBytes) { Data($0) }
    }
}
