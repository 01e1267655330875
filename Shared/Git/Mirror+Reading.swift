import CGit2
import FoundationEssentials
import Foundations

// Reading the files of a commit without a work tree.
extension Mirror {
    /// The tree of a commit.
    package func tree(of commit: ObjectID) async throws -> ObjectID {
        if let known = knownTree(of: commit) { return known }
        return try await reading(commit) { root, _, _ in ObjectID(git_tree_id(root).pointee) }
    }

    /// The contents of a file, or the target of a symbolic link; `nil` if there is no such file.
    ///
    /// Throws ``GitError/Code/tooLarge`` if it has more than `maxBytes` bytes.
    package func file(at commit: ObjectID, path: String, maxBytes: Int) async throws -> Data? {
        try await reading(commit) { root, repository, _ in
            guard let entry = try Self.entry(path, of: root) else { return nil }
            guard git_tree_entry_type(entry.raw) == GIT_OBJECT_BLOB else { return nil }
            guard let bytes = try self.blob(git_tree_entry_id(entry.raw).pointee, maxBytes: maxBytes) else {
                throw GitError(.tooLarge, "the file has more than \(maxBytes) bytes")
            }
            return bytes
        }
    }

    /// The entries of a directory in Git's order, `""` being the root; `nil` if there is no such directory.
    package func list(at commit: ObjectID, path: String = "") async throws -> [TreeEntry]? {
        try await reading(commit) { root, repository, _ in
            let clean = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
            if clean.isEmpty { return Self.entries(of: root, under: "") }
            guard let entry = try Self.entry(clean, of: root), git_tree_entry_type(entry.raw) == GIT_OBJECT_TREE else {
                return nil
            }
            let child = try Handle("cannot read a directory", free: git_tree_free) {
                git_tree_lookup($0, repository, git_tree_entry_id(entry.raw))
            }
            return Self.entries(of: child.raw, under: clean + "/")
        }
    }

    /// The paths of all files and symbolic links of a commit, in order of their bytes.
    package func paths(at commit: ObjectID) async throws -> [String] {
        try await reading(commit) { root, repository, interruption in
            var paths: [String] = []
            try Self.walk(root, in: repository) { entry in
                try interruption.check()
                paths.append(entry.path)
                return true
            }
            return paths
        }
    }

    /// The files and symbolic links of a commit whose paths are wanted.
    package func files(
        at commit: ObjectID, where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws -> [TreeEntry] {
        try await reading(commit) { root, repository, interruption in
            var files: [TreeEntry] = []
            try Self.walk(root, in: repository) { entry in
                try interruption.check()
                if isWanted(entry.path) { files.append(entry) }
                return true
            }
            return files
        }
    }

    // MARK: Steps, all blocking

    @discardableResult
    func reading<T: Sendable>(
        _ commit: ObjectID,
        _ body: @escaping @Sendable (_ root: OpaquePointer, _ repository: OpaquePointer, Interruption) throws -> T
    ) async throws -> T {
        try await perform { interruption in
            try self.require(commit, interruption)
            return try self.objects.withRepository { repository in
                let root = try Self.tree(of: commit, in: repository)
                return try body(root.raw, repository, interruption)
            }
        }
    }

    private static func entry(_ path: String, of root: OpaquePointer) throws -> Handle? {
        do {
            return try Handle("no such path", free: git_tree_entry_free) { git_tree_entry_bypath($0, root, path) }
        } catch let error as GitError where error.code == .objectNotFound {
            return nil
        }
    }

    /// The bytes of a blob, or `nil` if there are more than `maxBytes`. The size is known before anything is read.
    func blob(_ id: git_oid, maxBytes: Int) throws -> Data? {
        guard try objects.size(of: id) <= maxBytes else { return nil }
        return try objects.withBlob(id, maxBytes: maxBytes) { Data($0) }
    }

    static func entries(of tree: OpaquePointer, under prefix: String) -> [TreeEntry] {
        (0..<git_tree_entrycount(tree)).compactMap { index in
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry),
                let kind = TreeEntry.Kind(git_tree_entry_filemode(entry)), let id = git_tree_entry_id(entry)
            else { return nil }
            return TreeEntry(path: prefix + String(cString: name), kind: kind, id: ObjectID(id.pointee))
        }
    }

    @discardableResult
    private static func walk(
        _ tree: OpaquePointer, under prefix: String = "", in repository: OpaquePointer,
        _ visit: (TreeEntry) throws -> Bool
    ) throws -> Bool {
        for entry in entries(of: tree, under: prefix) {
            switch entry.kind {
            case .submodule: continue
            case .directory:
                var oid = entry.id.raw
                let child = try Handle("cannot read a directory", free: git_tree_free) {
                    git_tree_lookup($0, repository, &oid)
                }
                guard try walk(child.raw, under: entry.path + "/", in: repository, visit) else { return false }
            default:
                guard try visit(entry) else { return false }
            }
        }
        return true
    }
}

extension TreeEntry.Kind {
    fileprivate init?(_ mode: git_filemode_t) {
        switch mode {
        case GIT_FILEMODE_BLOB: self = .file
        case GIT_FILEMODE_BLOB_EXECUTABLE: self = .executable
        case GIT_FILEMODE_LINK: self = .symbolicLink
        case GIT_FILEMODE_TREE: self = .directory
        case GIT_FILEMODE_COMMIT: self = .submodule
        default: return nil
        }
    }
}
