import CGit2
import Synchronization

/// The objects of a mirror, shared by threads.
///
/// `git_odb` is the one handle of libgit2 that locks for itself. Whatever else a call needs is made for it alone, over
/// a repository in memory: no configuration, no references, nothing of the disk but the objects.
final class ObjectDatabase: Sendable {
    /// How many repositories are kept for the next calls.
    private static let mostKept = 8

    nonisolated(unsafe) let raw: OpaquePointer
    private let path: String
    private let kept = Mutex<[MemoryRepository]>([])

    /// Opens the folder `objects` of a repository.
    init(path: String) throws {
        Library.start
        var pointer: OpaquePointer?
        try git("cannot open the objects of the mirror") { git_odb_open(&pointer, path) }
        guard let pointer else { throw GitError(.other, "cannot open the objects of the mirror") }
        raw = pointer
        self.path = path
    }

    deinit { git_odb_free(raw) }

    /// Runs `body` with a repository in memory over these objects.
    ///
    /// Nobody else has it meanwhile; afterwards it is for the next call, with what it has cached.
    func withRepository<T>(_ body: (OpaquePointer) throws -> T) throws -> T {
        let repository = try kept.withLock { $0.popLast() } ?? MemoryRepository(path: path)
        let result = try body(repository.raw)
        kept.withLock { if $0.count < Self.mostKept { $0.append(repository) } }
        return result
    }

    /// Whether the object is here.
    func exists(_ id: ObjectID) -> Bool {
        var oid = id.raw
        return git_odb_exists(raw, &oid) == 1
    }

    /// The size of an object in bytes, of which nothing but its head is read.
    func size(of id: git_oid) throws -> Int {
        var (oid, size, type) = (id, 0, GIT_OBJECT_INVALID)
        try git("cannot read the size of an object") { git_odb_read_header(&size, &type, raw, &oid) }
        return size < 0 ? .max : size
    }

    /// Hands the bytes of a blob to `body`. Throws ``GitError/Code/tooLarge`` before they are read if there are more
    /// than `maxBytes`.
    func withBlob<T>(
        _ id: git_oid, maxBytes: Int = RepositoryLimits().maxFileBytes, _ body: (UnsafeRawBufferPointer) throws -> T
    ) throws -> T {
        guard try size(of: id) <= maxBytes else {
            throw GitError(.tooLarge, "the file has more than \(maxBytes) bytes")
        }
        var oid = id
        let object = try Handle("cannot read a file", free: git_odb_object_free) { git_odb_read($0, raw, &oid) }
        return try body(
            UnsafeRawBufferPointer(start: git_odb_object_data(object.raw), count: git_odb_object_size(object.raw)))
    }

    /// Stores `bytes` as an object, a file as a rule, unless it is here already.
    @discardableResult
    func store(_ bytes: UnsafeRawBufferPointer, as type: git_object_t = GIT_OBJECT_BLOB) throws -> git_oid {
        var oid = git_oid()
        try git("cannot store a file") { git_odb_write(&oid, raw, bytes.baseAddress, bytes.count, type) }
        return oid
    }

    /// The name that `bytes` have as a blob.
    static func hash(_ bytes: UnsafeRawBufferPointer) throws -> git_oid {
        var oid = git_oid()
        try git("cannot hash") { git_odb_hash(&oid, bytes.baseAddress, bytes.count, GIT_OBJECT_BLOB) }
        return oid
    }

    /// 40 hexadecimal digits that stand for `text`, for names of files.
    static func fingerprint(_ text: String) throws -> String {
        Library.start
        return try Array(text.utf8).withUnsafeBytes { try ObjectID(hash($0)).text }
    }
}

/// A repository in memory. For one thread at a time.
///
/// It has a database of its own, which costs little while another one holds the packs: a repository makes itself the
/// owner of its database, and whoever reads from a database uses the cache of its owner, even one just freed.
private final class MemoryRepository: Sendable {
    nonisolated(unsafe) let raw: OpaquePointer
    private let objects: ObjectDatabase

    init(path: String) throws {
        let objects = try ObjectDatabase(path: path)
        var pointer: OpaquePointer?
        try git("cannot wrap the objects") { git_repository_wrap_odb(&pointer, objects.raw) }
        guard let pointer else { throw GitError(.other, "cannot wrap the objects") }
        raw = pointer
        self.objects = objects
    }

    deinit { git_repository_free(raw) }
}
