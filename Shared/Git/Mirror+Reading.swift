import CGit2
import FoundationEssentials
import Foundations

// Reading the files of a commit without a work tree.
extension Mirror {
    /// The tree of a commit.
    package func tree(of commit: ObjectID) async throws -> ObjectID {
        try await reading(commit) { root, _ in ObjectID(git_tree_id(root).pointee) }
    }

    /// The contents of a file, or the target of a symbolic link; `nil` if there is no such file.
    ///
    /// Throws ``GitError/Code/tooLarge`` if it has more than `maxBytes` bytes.
    package func file(at commit: ObjectID, path: String, maxBytes: Int) async throws -> Data? {
        try await reading(commit) { root, repository in
            guard let entry = try Self.entry(path, of: root) else { return nil }
            guard git_tree_entry_type(entry.raw) == GIT_OBJECT_BLOB else { return nil }
            guard let bytes = try Self.blob(git_tree_entry_id(entry.raw), in: repository, maxBytes: maxBytes) else {
                throw GitError(.tooLarge, "the file has more than \(maxBytes) bytes")
            }
            return bytes
        }
    }

    /// The entries of a directory in Git's order, `""` being the root; `nil` if there is no such directory.
    package func list(at commit: ObjectID, path: String = "") async throws -> [TreeEntry]? {
        try await reading(commit) { root, repository in
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
        try await reading(commit) { root, repository in
            var paths: [String] = []
            try Self.walk(root, in: repository) { entry in
                paths.append(entry.path)
                return true
            }
            return paths
        }
    }

    /// Hands every file of at most `maxFileBytes` bytes to `body`, in order of path, until it returns `false`.
    package func forEachFile(
        at commit: ObjectID, maxFileBytes: Int, _ body: @escaping @Sendable (String, Data) throws -> Bool
    ) async throws {
        try await reading(commit) { root, repository in
            try Self.walk(root, in: repository) { entry in
                guard entry.kind != .symbolicLink else { return true }
                var oid = entry.id.raw
                guard let bytes = try Self.blob(&oid, in: repository, maxBytes: maxFileBytes) else { return true }
                return try body(entry.path, bytes)
            }
        }
    }

    // MARK: Steps, all blocking

    @discardableResult
    private func reading<T: Sendable>(
        _ commit: ObjectID, _ body: @escaping @Sendable (_ root: OpaquePointer, _ repository: OpaquePointer) throws -> T
    ) async throws -> T {
        try await Library.pool.run {
            try self.objects.withRepository { repository in
                let root = try Self.tree(of: commit, in: repository)
                return try body(root.raw, repository)
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
    private static func blob(
        _ id: UnsafePointer<git_oid>, in repository: OpaquePointer, maxBytes: Int
    ) throws -> Data? {
        let handle = try Handle("cannot read a file", free: git_blob_free) { git_blob_lookup($0, repository, id) }
        let size = Int(git_blob_rawsize(handle.raw))
        guard size <= maxBytes else { return nil }
        guard size > 0, let bytes = git_blob_rawcontent(handle.raw) else { return Data() }
        return Data(bytes: bytes, count: size)
    }

    private static func entries(of tree: OpaquePointer, under prefix: String) -> [TreeEntry] {
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
