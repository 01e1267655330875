import CGit2
import Glibc

/// An index file: the paths of a work tree with the state each file had when it was last read.
///
/// It lies outside the work tree, where no command reaches it. Used by one thread at a time.
final class StatIndex {
    let raw: OpaquePointer

    /// The index stored in `path`, empty if there is none; one in memory if `path` is `nil`.
    init(path: String?) throws {
        Library.start
        var pointer: OpaquePointer?
        try git("cannot open the index of the work tree") {
            if let path { git_index_open(&pointer, path) } else { git_index_new(&pointer) }
        }
        guard let pointer else { throw GitError(.other, "cannot open the index of the work tree") }
        raw = pointer
    }

    deinit { git_index_free(raw) }

    var count: Int { git_index_entrycount(raw) }

    /// Makes this the index of `commit`, with no state of files.
    func read(_ commit: ObjectID, in repository: OpaquePointer) throws {
        let tree = try Mirror.tree(of: commit, in: repository)
        try git("cannot list the files of commit \(commit)") { git_index_read_tree(raw, tree.raw) }
    }

    func write() throws { try git("cannot write the index of the work tree") { git_index_write(raw) } }

    func writeTree(in repository: OpaquePointer) throws -> ObjectID {
        var oid = git_oid()
        try git("cannot write a tree") { git_index_write_tree_to(&oid, raw, repository) }
        return ObjectID(oid)
    }

    /// The position of `path`, which ends in a zero byte.
    func position(of path: [UInt8]) -> Int? {
        var position = 0
        return path.withCPath { git_index_find(&position, raw, $0) } == 0 ? position : nil
    }

    /// Whether any path begins with `prefix`, which ends in a slash and a zero byte.
    func holdsPaths(under prefix: [UInt8]) -> Bool {
        prefix.withCPath { git_index_find_prefix(nil, raw, $0) } == 0
    }

    /// The positions of all paths that begin with `prefix`, which ends in a slash.
    func positions(under prefix: [UInt8]) -> Range<Int> {
        var first = 0
        guard (prefix + [0]).withCPath({ git_index_find_prefix(&first, raw, $0) }) == 0 else { return 0..<0 }
        let end = (first..<count).first { path(at: $0)?.starts(with: prefix) != true } ?? count
        return first..<end
    }

    func entry(at position: Int) -> git_index_entry? { git_index_get_byindex(raw, position)?.pointee }

    /// The path at `position`, with a zero byte at its end.
    func path(at position: Int) -> [UInt8]? {
        guard let path = git_index_get_byindex(raw, position)?.pointee.path else { return nil }
        return UnsafeBufferPointer(start: path, count: strlen(path) + 1).map { UInt8(bitPattern: $0) }
    }

    /// Records the state of a file whose content did not change, without marking its directory as changed.
    func refresh(at position: Int, _ state: FileState) {
        guard let entry = git_index_get_byindex(raw, position) else { return }
        // The entry belongs to this index, and what is written is not part of its place in it.
        state.fill(&UnsafeMutablePointer(mutating: entry).pointee)
    }

    /// Puts a file in. Throws if git forbids the path.
    func put(_ path: [UInt8], id: git_oid, mode: UInt32, _ state: FileState) throws {
        var entry = git_index_entry()
        entry.id = id
        entry.mode = mode
        state.fill(&entry)
        try path.withCPath { path in
            entry.path = path
            _ = try git("cannot add a path to the index") { git_index_add(raw, &entry) }
        }
    }

    func remove(_ path: [UInt8]) throws {
        try path.withCPath { path in
            _ = try git("cannot remove a path from the index") { git_index_remove(raw, path, 0) }
        }
    }
}

extension [UInt8] {
    /// Calls `body` with these bytes, which end in a zero byte, as a C string.
    func withCPath<T>(_ body: (UnsafePointer<CChar>) throws -> T) rethrows -> T {
        try withUnsafeBufferPointer { bytes in
            try bytes.withMemoryRebound(to: CChar.self) { chars in
                guard let start = chars.baseAddress else { return try "".withCString(body) }
                return try body(start)
            }
        }
    }
}
