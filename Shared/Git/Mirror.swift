import CGit2
import FoundationEssentials
import Foundations
import Glibc
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
    let policy: RemotePolicy
    private let limits: RepositoryLimits
    private let surveyed = Mutex(Surveyed())

    /// What is known to be here. Objects leave a mirror only with all of it.
    private struct Surveyed {
        /// How many commits are remembered: a mirror may be in use for days.
        static let most = 10_000

        /// The root directory of each.
        var commits: [ObjectID: ObjectID] = [:]
        var folders: [ObjectID: TreeExtent] = [:]
        /// What was made of commits.
        var made: [Made: any Sendable] = [:]
        /// Whether an object was missing that was here.
        var isDoubted = false
    }

    /// Names what was made of a commit by its type.
    private struct Made: Hashable {
        static let most = 64

        let commit: ObjectID
        let type: ObjectIdentifier
    }

    init(
        directory: String, home: String, policy: RemotePolicy, limits: RepositoryLimits, lease: FileLock
    ) throws {
        self.directory = directory
        self.home = home
        self.policy = policy
        self.limits = limits
        self.lease = lease
        objects = try ObjectDatabase(path: "\(directory)/objects")
    }

    /// The end of a use is one for the sweep, too.
    deinit { lease.touch() }

    /// Whether commits are here without their parents.
    var isShallow: Bool { FileManager.default.fileExists(atPath: "\(directory)/shallow") }

    /// Whether the commit is here with all its files. Its history need not be.
    ///
    /// Throws ``GitError/Code/tooLarge`` if it is here and holds more than is worked on.
    package func contains(_ commit: ObjectID) async throws -> Bool {
        if knownTree(of: commit) != nil { return true }
        return try await perform { try self.holds(commit, $0) }
    }

    /// The root directory of a commit that is known to be here with all its files.
    func knownTree(of commit: ObjectID) -> ObjectID? { surveyed.withLock { $0.commits[commit] } }

    /// Throws ``GitError/Code/objectNotFound`` unless the commit is here with all its files. A mirror is a cache, of
    /// which a full disk may have kept a part: whoever tries again brings or makes the commit again.
    ///
    /// Asked before anything walks a commit: it bounds what the walk meets.
    func require(_ commit: ObjectID, _ interruption: Interruption) throws {
        guard try holds(commit, interruption) else {
            throw GitError(.objectNotFound, "commit \(commit) is not in the mirror of this host")
        }
    }

    /// Blocking. The answer yes is remembered.
    func holds(_ commit: ObjectID, _ interruption: Interruption) throws -> Bool {
        if knownTree(of: commit) != nil { return true }
        guard objects.exists(commit) else { return false }
        do {
            try survey(commit, interruption)
            return true
        } catch let error as GitError where error.code == .objectNotFound {
            return false
        }
    }

    /// Runs a call on a thread that may block. Where it lacks an object the mirror is in doubt.
    func perform<T: Sendable>(_ body: @escaping @Sendable (Interruption) throws -> T) async throws -> T {
        do {
            return try await Library.run(body)
        } catch let error as GitError where error.code == .objectNotFound {
            doubt()
            throw error
        }
    }

    /// An object may be missing that was here: everything is looked at anew, and who comes next opens the mirror anew.
    func doubt() { surveyed.withLock { $0 = Surveyed(isDoubted: true) } }

    /// Whether who comes next may go on with it.
    var isFit: Bool { !surveyed.withLock { $0.isDoubted } && access(directory, F_OK) == 0 }

    /// What was made of a commit, see ``remembering(of:_:)``.
    func remembered<T: Sendable>(of commit: ObjectID, as type: T.Type) -> T? {
        surveyed.withLock { $0.made[Made(commit: commit, type: ObjectIdentifier(type))] } as? T
    }

    func remember<T: Sendable>(_ value: T, of commit: ObjectID) {
        surveyed.withLock { surveyed in
            if surveyed.made.count >= Made.most { surveyed.made = [:] }
            surveyed.made[Made(commit: commit, type: ObjectIdentifier(T.self))] = value
        }
    }

    /// Blocking. Looks at what no earlier survey looked at. Throws as ``TreeSurvey/measure(_:)`` does.
    func survey(_ commit: ObjectID, _ interruption: Interruption) throws {
        let known = surveyed.withLock { $0.folders }
        let (tree, folders) = try objects.withRepository { repository in
            var survey = TreeSurvey(repository, objects, limits: limits, known: known, interruption)
            return (try survey.measure(commit), survey.known)
        }
        surveyed.withLock { surveyed in
            if surveyed.commits.count >= Surveyed.most { surveyed.commits = [:] }
            surveyed.commits[commit] = tree
            // Others may have looked at others meanwhile; those are looked at once more.
            surveyed.folders = folders.count <= limits.maxEntries ? folders : [:]
        }
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
        var oid = commit.raw
        let handle = try Handle("cannot read commit \(commit)", free: git_commit_free) {
            git_commit_lookup($0, repository, &oid)
        }
        guard let tree = git_commit_tree_id(handle.raw) else {
            throw GitError(.corrupt, "commit \(commit) has no tree")
        }
        return ObjectID(tree.pointee)
    }
}
