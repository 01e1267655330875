import CGit2
import FoundationEssentials
import Foundations
import Glibc

// Trees made of others, in process.
extension Mirror {
    /// A commit of the files of `base`, with those of `head` at `paths` in their place or beside them; `base` where `head`
    /// has none of them. The same arguments give the same commit. No name leads to it.
    package func commit(of base: ObjectID, taking paths: Set<String>, from head: ObjectID) async throws -> ObjectID {
        let entries = try await files(at: head) { paths.contains($0) }
        guard !entries.isEmpty else { return base }
        let tree = try await reading(base) { try Self.tree(of: $0, with: entries) }
        return try await commit(
            tree: tree, parents: [base], message: "Files of \(head)", date: Date(timeIntervalSince1970: 0))
    }

    private static func tree(of files: CommitFiles, with entries: [TreeEntry]) throws -> ObjectID {
        let paths = entries.map { strdup($0.path) }
        defer { for path in paths { free(path) } }
        let updates = zip(entries, paths).map { entry, path in
            git_tree_update(
                action: GIT_TREE_UPDATE_UPSERT, id: entry.id.raw, filemode: entry.kind.mode, path: UnsafePointer(path))
        }
        var tree = git_oid()
        try git("cannot make a tree of two") {
            git_tree_create_updated(&tree, files.repository, files.root, updates.count, updates)
        }
        return ObjectID(tree)
    }
}

extension TreeEntry.Kind {
    fileprivate var mode: git_filemode_t {
        switch self {
        case .file: GIT_FILEMODE_BLOB
        case .executable: GIT_FILEMODE_BLOB_EXECUTABLE
        case .symbolicLink: GIT_FILEMODE_LINK
        case .directory: GIT_FILEMODE_TREE
        case .submodule: GIT_FILEMODE_COMMIT
        }
    }
}
