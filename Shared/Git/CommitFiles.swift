import CGit2
import FoundationEssentials
import Foundations

/// The files of a commit, lent to a call on a thread that may block. It must not leave the call.
package struct CommitFiles {
    private let mirror: Mirror
    let root: OpaquePointer
    let repository: OpaquePointer
    let interruption: Interruption

    init(mirror: Mirror, root: OpaquePointer, repository: OpaquePointer, interruption: Interruption) {
        self.mirror = mirror
        self.root = root
        self.repository = repository
        self.interruption = interruption
    }

    /// The paths of all files and symbolic links, in order of their bytes.
    package func paths() throws -> [String] { try files { _ in true }.map(\.path) }

    /// The files and symbolic links whose paths are wanted.
    package func files(where isWanted: (String) -> Bool) throws -> [TreeEntry] {
        var files: [TreeEntry] = []
        try walk(root, under: "") { entry in
            try interruption.check()
            if isWanted(entry.path) { files.append(entry) }
        }
        return files
    }

    /// The contents of a file, or the target of a symbolic link; `nil` if there is no such file.
    ///
    /// Throws ``GitError/Code/tooLarge`` if it has more than `maxBytes` bytes.
    package func contents(of path: String, maxBytes: Int) throws -> Data? {
        guard let entry = try entry(path), git_tree_entry_type(entry.raw) == GIT_OBJECT_BLOB else { return nil }
        guard let bytes = try mirror.blob(git_tree_entry_id(entry.raw).pointee, maxBytes: maxBytes) else {
            throw GitError(.tooLarge, "the file has more than \(maxBytes) bytes")
        }
        return bytes
    }

    /// The entries of a directory in Git's order, `""` being the root; `nil` if there is no such directory.
    func entries(of path: String) throws -> [TreeEntry]? {
        let clean = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        if clean.isEmpty { return Self.entries(of: root, under: "") }
        guard let entry = try entry(clean), git_tree_entry_type(entry.raw) == GIT_OBJECT_TREE else { return nil }
        let folder = try folder(git_tree_entry_id(entry.raw).pointee)
        return Self.entries(of: folder.raw, under: clean + "/")
    }

    /// A directory of the commit.
    func folder(_ id: git_oid) throws -> Handle {
        var oid = id
        return try Handle("cannot read a directory", free: git_tree_free) { git_tree_lookup($0, repository, &oid) }
    }

    static func entries(of tree: OpaquePointer, under prefix: String) -> [TreeEntry] {
        (0..<git_tree_entrycount(tree)).compactMap { index in
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry),
                let kind = TreeEntry.Kind(git_tree_entry_filemode(entry)), let id = git_tree_entry_id(entry)
            else { return nil }
            return TreeEntry(path: prefix + String(cString: name), kind: kind, id: ObjectID(id.pointee))
        }
    }

    private func entry(_ path: String) throws -> Handle? {
        do {
            return try Handle("no such path", free: git_tree_entry_free) { git_tree_entry_bypath($0, root, path) }
        } catch let error as GitError where error.code == .objectNotFound {
            return nil
        }
    }

    private func walk(_ tree: OpaquePointer, under prefix: String, _ visit: (TreeEntry) throws -> Void) throws {
        for entry in Self.entries(of: tree, under: prefix) {
            switch entry.kind {
            case .submodule: continue
            case .directory:
                let child = try folder(entry.id.raw)
                try walk(child.raw, under: entry.path + "/", visit)
            default: try visit(entry)
            }
        }
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
