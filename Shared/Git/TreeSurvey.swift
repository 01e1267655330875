import CGit2
import Glibc

/// What a folder of a commit unrolls to: every path counts, however few objects stand behind all of them.
struct TreeExtent: Sendable, Hashable {
    /// Files and folders.
    var entries = 0
    /// Bytes of all files.
    var bytes = 0
    /// Bytes of all paths, from this folder on.
    var pathBytes = 0
    /// Folders within each other, below this one.
    var depth = 0

    /// Adds a file or a folder of this name. What is added is within the limits, so that no sum overflows.
    mutating func add(name: Int, bytes: Int, folder: TreeExtent?) {
        entries += 1 + (folder?.entries ?? 0)
        self.bytes += bytes + (folder?.bytes ?? 0)
        pathBytes += name + (folder.map { $0.pathBytes + $0.entries * (name + 1) } ?? 0)
        if let folder { depth = max(depth, 1 + folder.depth) }
    }

    /// Throws ``GitError/Code/tooLarge`` where it passes a limit.
    func check(_ limits: RepositoryLimits) throws {
        if entries > limits.maxEntries {
            throw RepositoryLimits.refusal("more than \(limits.maxEntries) files and folders")
        }
        if bytes > limits.maxBytes { throw RepositoryLimits.refusal("more than \(limits.maxBytes) bytes of files") }
        if pathBytes > limits.maxPathBytes { throw RepositoryLimits.refusal("its paths are too long together") }
        if depth > limits.maxDepth { throw RepositoryLimits.tooDeep(limits.maxDepth) }
    }
}

/// Finds out whether a commit is here with all its files, and how much it is, without unrolling and without reading
/// any file: each folder is looked at once, each file is asked for its size.
///
/// It ends as soon as a limit is passed, so its time is bounded by the limits, whatever the objects say.
struct TreeSurvey {
    let repository: OpaquePointer
    let objects: ObjectDatabase
    let limits: RepositoryLimits
    let interruption: Interruption
    /// The folders that were looked at.
    private(set) var known: [ObjectID: TreeExtent]

    init(
        _ repository: OpaquePointer, _ objects: ObjectDatabase, limits: RepositoryLimits, known: [ObjectID: TreeExtent],
        _ interruption: Interruption
    ) {
        self.repository = repository
        self.objects = objects
        self.limits = limits
        self.known = known
        self.interruption = interruption
    }

    /// Returns the root directory. Throws ``GitError/Code/objectNotFound`` if a part of it is missing,
    /// ``GitError/Code/tooLarge`` past a limit.
    @discardableResult
    mutating func measure(_ commit: ObjectID) throws -> ObjectID {
        guard try objects.size(of: commit.raw) <= limits.maxDescriptionBytes else {
            throw RepositoryLimits.refusal("the message of commit \(commit)")
        }
        let tree = try Mirror.treeID(of: commit, in: repository)
        _ = try extent(of: tree, level: 0)
        return tree
    }

    private mutating func extent(of tree: ObjectID, level: Int) throws -> TreeExtent {
        if let known = known[tree] { return known }
        try interruption.check()
        // Before it is known how deep it is: no stack is deep enough for what may come.
        guard level <= limits.maxDepth else { throw RepositoryLimits.tooDeep(limits.maxDepth) }
        var oid = tree.raw
        guard try objects.size(of: oid) <= limits.maxDescriptionBytes else {
            throw RepositoryLimits.refusal("a folder has too many files")
        }
        let handle = try Handle("cannot read a directory", free: git_tree_free) {
            git_tree_lookup($0, repository, &oid)
        }
        var extent = TreeExtent()
        for index in 0..<git_tree_entrycount(handle.raw) {
            try add(git_tree_entry_byindex(handle.raw, index), to: &extent, level: level)
            try extent.check(limits)
        }
        known[tree] = extent
        return extent
    }

    private mutating func add(_ entry: OpaquePointer?, to extent: inout TreeExtent, level: Int) throws {
        guard let id = git_tree_entry_id(entry)?.pointee, let text = git_tree_entry_name(entry) else { return }
        let name = strlen(text)
        switch git_tree_entry_type(entry) {
        case GIT_OBJECT_TREE:
            extent.add(name: name, bytes: 0, folder: try self.extent(of: ObjectID(id), level: level + 1))
        case GIT_OBJECT_BLOB:
            let bytes = try objects.size(of: id)
            guard bytes <= limits.maxFileBytes else {
                throw RepositoryLimits.refusal(
                    "the file \(String(cString: text).prefix(80)) has \(bytes) bytes, more than \(limits.maxFileBytes)")
            }
            extent.add(name: name, bytes: bytes, folder: nil)
        default:
            // The commit of a submodule lives elsewhere.
            extent.add(name: name, bytes: 0, folder: nil)
        }
    }
}
