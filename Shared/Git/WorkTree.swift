import CGit2
import FoundationEssentials
import Foundations
import Glibc
import Synchronization

/// A directory with the files of a commit, for commands to change.
///
/// Nothing that a command leaves in it is trusted: no `.git`, no configuration, no hook, no filter, no link.
package final class WorkTree: Sendable {
    /// The absolute path of the directory.
    package let directory: String
    private let mirror: Mirror
    private let turn = Mutex<Void>(())

    /// The state of the files at the last snapshot. Beside the directory, where commands cannot write.
    private var indexFile: String { "\(directory).index" }

    private init(mirror: Mirror, directory: String) {
        self.mirror = mirror
        self.directory = directory
    }

    /// Writes the files of `commit` to `directory`, in place of whatever is there.
    ///
    /// With `sandboxRepository` it also gets a `.git` of its own, a shallow repository of just this commit on a branch
    /// `main`: commands may do with it as they like, and nothing here ever reads it. Throws
    /// ``GitError/Code/objectNotFound`` if the mirror lacks the commit.
    ///
    /// - Parameter base: What `commit` adds little to, if it is known: work begins there more than once.
    package static func checkout(
        mirror: Mirror, commit: ObjectID, at directory: String, sandboxRepository: Bool = true, base: ObjectID? = nil
    ) async throws -> WorkTree {
        let tree = WorkTree(mirror: mirror, directory: directory)
        do {
            try await tree.onTurn { interruption in
                try tree.removeNow()
                try mirror.require(commit, interruption)
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                try tree.apply(commit, keepingIgnored: false, interruption)
            }
            if sandboxRepository {
                try await SandboxRepository(mirror: mirror, commit: commit, base: base ?? commit)
                    .create(in: directory, index: tree.indexFile)
            }
            return tree
        } catch {
            try? await tree.remove()
            throw error
        }
    }

    /// Stores the files as a commit on top of `parent`, unless they equal those of `parent`.
    ///
    /// Files that `.gitignore` names are left out unless they were committed before or are in `keeping`, and so are what
    /// looks like leftovers of tools and new content of files in Git LFS; what else than ignored was left out is
    /// reported. The same files, parent, message, author and date give the same commit.
    ///
    /// Modes that keep the owner out are undone. Throws ``GitError/Code/unreadable`` for what still cannot be read or
    /// changes meanwhile, and ``GitError/Code/tooLarge`` for what is beyond `limits`.
    package func snapshot(
        parent: ObjectID, message: String, date: Date, author: Author = .automata, keeping: Set<String> = [],
        limits: SnapshotLimits = .init()
    ) async throws -> Snapshot {
        try await onTurn { interruption in
            try self.take(
                parent: parent, message: message, date: date, author: author, keeping: keeping, limits: limits,
                interruption)
        }
    }

    /// Makes the directory equal `commit` again. Files that did not change keep their times.
    ///
    /// `keepingIgnored` leaves what `.gitignore` names, such as the products of a build. The `.git` of the commands
    /// stays as it is.
    package func restore(_ commit: ObjectID, keepingIgnored: Bool = true) async throws {
        try await onTurn { interruption in
            try self.mirror.require(commit, interruption)
            try self.apply(commit, keepingIgnored: keepingIgnored, interruption)
        }
    }

    /// Puts files of another commit that the mirror holds in the place of what is there.
    package func put(_ files: [TreeEntry]) async throws {
        try await onTurn { interruption in
            let writer = try FileWriter(root: self.directory)
            for file in files {
                try interruption.check()
                let mode = file.kind == .executable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB
                _ = try self.mirror.objects.withBlob(file.id.raw) {
                    try writer.write(Array(file.path.utf8) + [0], $0, mode: mode.rawValue)
                }
            }
        }
    }

    /// How the files differ from those of the last checkout, snapshot or restore. Stores none of them.
    package func changes() async throws -> TreeChanges {
        try await onTurn { interruption in
            let index = try StatIndex(path: self.indexFile)
            let finder = ChangeFinder(index: index)
            try DirectoryWalk(index: index, visitor: finder, interruption).run(self.directory)
            if finder.isRefreshed { try index.write() }
            return finder.changes
        }
    }

    /// Removes the directory, whatever it holds, and all that belongs to it. Does nothing if there is none.
    package func remove() async throws {
        try await onTurn { _ in try self.removeNow() }
    }

    // MARK: Steps, all blocking

    private func removeNow() throws {
        let (folder, name) = try place()
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        defer { close(parent) }
        try FolderRemoval.remove(name, in: parent)
        unlink(indexFile)
        // Left by a process that was killed.
        unlink("\(indexFile).lock")
    }

    /// The directory that holds this one, and its name there. Throws for a path that could name something else.
    private func place() throws -> (folder: String, name: String) {
        let parts = directory.split(separator: "/")
        guard directory.hasPrefix("/"), parts.count >= 2, !parts.contains("."), !parts.contains(".."),
            let name = parts.last, directory.hasSuffix("/\(name)")
        else { throw GitError(.fileSystem, "a work tree needs an absolute path of its own") }
        return (String(directory.dropLast(name.count)), String(name))
    }

    private func onTurn<T: Sendable>(_ body: @escaping @Sendable (Interruption) throws -> T) async throws -> T {
        try await mirror.perform { interruption in try self.turn.withLock { _ in try body(interruption) } }
    }

    func take(
        parent: ObjectID, message: String, date: Date, author: Author = .automata, keeping: Set<String> = [],
        limits: SnapshotLimits = .init(), _ interruption: Interruption = Interruption()
    ) throws -> Snapshot {
        try mirror.objects.withRepository { repository in
            let index = try openIndex(parent: parent, in: repository)
            let builder = SnapshotBuilder(index: index, objects: mirror.objects, limits: limits)
            let walk = DirectoryWalk(index: index, visitor: builder, kept: KeptPaths(keeping), interruption)
            try walk.run(directory)
            if builder.missesFiles { try DirectoryWalk.confirm(walk, directory) }
            let isChanged = try builder.finish()
            let tree = try index.writeTree(in: repository)
            if isChanged { try index.write() }
            if try Mirror.treeID(of: parent, in: repository) == tree {
                return Snapshot(
                    commit: nil, tree: tree, skipped: builder.skippedFiles, leftovers: builder.leftovers,
                    ignored: builder.ignored)
            }
            let commit = try Mirror.commit(
                tree: tree, parents: [parent], message: message, author: author, date: date, in: repository)
            try mirror.survey(commit, interruption)
            return Snapshot(
                commit: commit, tree: tree, skipped: builder.skippedFiles, forced: builder.forcedFiles,
                leftovers: builder.leftovers, ignored: builder.ignored)
        }
    }

    private func openIndex(parent: ObjectID, in repository: OpaquePointer) throws -> StatIndex {
        let isThere = FileManager.default.fileExists(atPath: indexFile)
        let index = try StatIndex(path: indexFile)
        if !isThere { try index.read(parent, in: repository) }
        return index
    }

    private func apply(_ commit: ObjectID, keepingIgnored: Bool, _ interruption: Interruption) throws {
        try mirror.objects.withRepository { repository in
            let current = try StatIndex(path: indexFile)
            let target = try StatIndex(path: indexFile)
            try target.read(commit, in: repository)
            let builder = RestoreBuilder(current: current, objects: mirror.objects, interruption)
            try DirectoryWalk(index: current, visitor: builder, interruption).run(directory)
            try builder.apply(target, to: directory, keepingIgnored: keepingIgnored)
            try target.write()
        }
    }
}
