import CGit2
import FoundationEssentials
import Foundations
import Synchronization

/// A bare repository on this host that caches the objects of one remote for one company.
///
/// It may vanish between two tasks and be filled again. While a value of this type lives it is locked against removal.
/// Any number of threads and processes may use the same mirror.
package final class Mirror: Sendable {
    /// The bare repository.
    let directory: String
    /// Where the store keeps what all mirrors share.
    let home: String
    let objects: ObjectDatabase
    private let lease: FileLock
    private let complete = Mutex<Set<ObjectID>>([])

    init(directory: String, home: String, lease: FileLock) throws {
        self.directory = directory
        self.home = home
        self.lease = lease
        objects = try ObjectDatabase(path: "\(directory)/objects")
    }

    /// Whether the commit is here with all its files. Its history need not be.
    package func contains(_ commit: ObjectID) async throws -> Bool {
        try await Library.pool.run { try self.holds(commit) }
    }

    /// Throws ``GitError/Code/objectNotFound`` unless the commit is here with all its files. A mirror is a cache, of
    /// which a full disk may have kept a part: whoever tries again brings or makes the commit again.
    func require(_ commit: ObjectID) throws {
        guard try holds(commit) else {
            throw GitError(.objectNotFound, "commit \(commit) is not in the mirror of this host", isRetriable: true)
        }
    }

    /// Blocking. The answer yes is remembered: objects leave a mirror only with all of it.
    func holds(_ commit: ObjectID) throws -> Bool {
        if complete.withLock({ $0.contains(commit) }) { return true }
        guard objects.exists(commit) else { return false }
        let isComplete = try objects.withRepository { repository in
            do {
                let root = try Self.tree(of: commit, in: repository)
                return try Self.isComplete(root.raw, in: repository, objects: objects)
            } catch let error as GitError where error.code == .objectNotFound {
                return false
            }
        }
        if isComplete { _ = complete.withLock { $0.insert(commit) } }
        return isComplete
    }

    /// Remembers that a commit just made here has all its files.
    func noteComplete(_ commit: ObjectID) { _ = complete.withLock { $0.insert(commit) } }

    private static func isComplete(
        _ tree: OpaquePointer, in repository: OpaquePointer, objects: ObjectDatabase
    ) throws -> Bool {
        for index in 0..<git_tree_entrycount(tree) {
            let entry = git_tree_entry_byindex(tree, index)
            switch git_tree_entry_type(entry) {
            case GIT_OBJECT_TREE:
                let child = try Handle("cannot read a directory", free: git_tree_free) {
                    git_tree_lookup($0, repository, git_tree_entry_id(entry))
                }
                guard try isComplete(child.raw, in: repository, objects: objects) else { return false }
            case GIT_OBJECT_BLOB:
                guard git_odb_exists(objects.raw, git_tree_entry_id(entry)) == 1 else { return false }
            default:
                // The commit of a submodule lives elsewhere.
                continue
            }
        }
        return true
    }

    /// The root directory of a commit. Blocking.
    static func tree(of commit: ObjectID, in repository: OpaquePointer) throws -> Handle {
        var oid = commit.raw
        let handle = try Handle("cannot read commit \(commit)", free: git_commit_free) {
            git_commit_lookup($0, repository, &oid)
        }
        return try Handle("cannot read the files of commit \(commit)", free: git_tree_free) {
            git_commit_tree($0, handle.raw)
        }
    }

    /// The name of the tree of a commit. Blocking.
    static func treeID(of commit: ObjectID, in repository: OpaquePointer) throws -> ObjectID {
        let tree = try tree(of: commit, in: repository)
        return ObjectID(git_tree_id(tree.raw).pointee)
    }
}
