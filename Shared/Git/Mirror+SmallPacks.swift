import CGit2
import FoundationEssentials
import Foundations

// What little one commit adds to another is packed in process: starting git costs more than the work.
extension Mirror {
    /// Up to how much: objects, and bytes of files before they are compressed. More gains by deltas against what the
    /// other side has, which git's own program makes.
    private static let (mostObjects, mostBytes) = (200, 64 << 10)

    /// A pack of what `commit` adds to `base`; `nil` if it is not small. Blocking; both are here with all their files.
    func smallPack(of commit: ObjectID, beyond base: ObjectID, _ interruption: Interruption) throws -> Data? {
        try withSmallPack(of: commit, beyond: base, interruption) { builder in
            var buffer = git_buf()
            defer { git_buf_dispose(&buffer) }
            try git("cannot pack commit \(commit)") { git_packbuilder_write_buf(&buffer, builder) }
            guard let bytes = buffer.ptr else { throw GitError(.other, "commit \(commit) has no objects") }
            return Data(bytes: bytes, count: buffer.size)
        }
    }

    /// Writes such a pack, with its index, into a folder. Returns `false` if it is not small.
    func writeSmallPack(
        of commit: ObjectID, beyond base: ObjectID, to folder: String, _ interruption: Interruption
    ) throws -> Bool {
        try withSmallPack(of: commit, beyond: base, interruption) { builder in
            try git("cannot pack commit \(commit)") { git_packbuilder_write(builder, folder, 0, nil, nil) }
            return true
        } ?? false
    }

    private func withSmallPack<T>(
        of commit: ObjectID, beyond base: ObjectID, _ interruption: Interruption, _ body: (OpaquePointer) throws -> T
    ) throws -> T? {
        try objects.withRepository { repository in
            var added = AddedObjects(repository, objects, (Self.mostObjects, Self.mostBytes), interruption)
            guard try added.find(in: commit, beyond: base) else { return nil }
            let builder = try Handle("cannot pack commit \(commit)", free: git_packbuilder_free) {
                git_packbuilder_new($0, repository)
            }
            git_packbuilder_set_threads(builder.raw, 1)
            for id in added.ids {
                var oid = id
                try git("cannot pack commit \(commit)") { git_packbuilder_insert(builder.raw, &oid, nil) }
            }
            return try body(builder.raw)
        }
    }
}

/// The objects that one commit has and another, at the same paths, has not.
private struct AddedObjects {
    private let repository: OpaquePointer
    private let objects: ObjectDatabase
    private let most: (objects: Int, bytes: Int)
    private let interruption: Interruption
    private(set) var ids: [git_oid] = []
    private var bytes = 0

    init(
        _ repository: OpaquePointer, _ objects: ObjectDatabase, _ most: (objects: Int, bytes: Int),
        _ interruption: Interruption
    ) {
        self.repository = repository
        self.objects = objects
        self.most = most
        self.interruption = interruption
    }

    /// Returns `false` as soon as there are too many.
    mutating func find(in commit: ObjectID, beyond base: ObjectID) throws -> Bool {
        ids = [commit.raw]
        let (new, old) = (
            try Mirror.treeID(of: commit, in: repository), try Mirror.treeID(of: base, in: repository)
        )
        return try new == old || add(folder: new.raw, was: old.raw)
    }

    private mutating func add(folder: git_oid, was old: git_oid?) throws -> Bool {
        try interruption.check()
        guard admit(folder, bytes: 0) else { return false }
        let tree = try Self.tree(folder, in: repository)
        guard let old else { return try add(entriesOf: tree.raw, except: nil) }
        let former = try Self.tree(old, in: repository)
        return try add(entriesOf: tree.raw, except: former.raw)
    }

    private mutating func add(entriesOf tree: OpaquePointer, except former: OpaquePointer?) throws -> Bool {
        for index in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, index), let id = git_tree_entry_id(entry)?.pointee else {
                continue
            }
            let before = former.flatMap { git_tree_entry_byname($0, git_tree_entry_name(entry)) }
            let old = before.flatMap { git_tree_entry_id($0)?.pointee }
            if let old, old.equals(id) { continue }
            switch git_tree_entry_type(entry) {
            case GIT_OBJECT_TREE:
                let folder = git_tree_entry_type(before) == GIT_OBJECT_TREE ? old : nil
                guard try add(folder: id, was: folder) else { return false }
            case GIT_OBJECT_BLOB: guard admit(id, bytes: try objects.size(of: id)) else { return false }
            default: continue  // The commit of a submodule lives elsewhere.
            }
        }
        return true
    }

    private mutating func admit(_ id: git_oid, bytes: Int) -> Bool {
        guard ids.count < most.objects, bytes <= most.bytes - self.bytes else { return false }
        self.bytes += bytes
        ids.append(id)
        return true
    }

    private static func tree(_ id: git_oid, in repository: OpaquePointer) throws -> Handle {
        var oid = id
        return try Handle("cannot read a directory", free: git_tree_free) { git_tree_lookup($0, repository, &oid) }
    }
}
