import CGit2
import Foundations

/// libgit2, started once and cut off from every configuration of the host.
enum Library {
    /// Touched before the first call. A `static let` runs once, whoever comes first.
    static let start: Void = {
        git_libgit2_init()
        for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL] {
            _ = automata_git_clear_search_path(level.rawValue)
        }
        // Mirrors are ours, whichever user made them; the directories of commands are never opened as repositories.
        _ = automata_git_set_owner_validation(0)
        _ = automata_git_set_cache_max_size(16 << 20)
    }()

    /// Where blocking calls run. libgit2 holds no lock over a whole call, so a few may run side by side.
    static let pool = BlockingPool(label: "automata.git", width: 8)
}

/// Runs a libgit2 call and turns a negative result into an error, whose text is read on the same thread.
@discardableResult
func git(_ what: String, _ call: () -> Int32) throws -> Int32 {
    let code = call()
    guard code < 0 else { return code }
    let cause = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "code \(code)"
    let kind: GitError.Code =
        switch git_error_code(code) {
        case GIT_ENOTFOUND: .objectNotFound
        case GIT_EINVALIDSPEC: .invalidRef
        // Its words for a tree that is to name an object which is not here.
        case _ where cause.contains("invalid object specified"): .objectNotFound
        default: .other
        }
    throw GitError(GitError.tellsFullDisk(cause) ? .fileSystem : kind, "\(what): \(cause)")
}

/// An object of libgit2 that one scope owns: freed when it ends.
struct Handle: ~Copyable {
    let raw: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// `make` fills the pointer and returns libgit2's code; `free` is the matching `git_…_free`.
    init(
        _ what: String, free: @escaping (OpaquePointer?) -> Void,
        _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws {
        var pointer: OpaquePointer?
        try git(what) { make(&pointer) }
        guard let pointer else { throw GitError(.other, "\(what): no object came back") }
        raw = pointer
        self.free = free
    }

    deinit { free(raw) }

    /// Makes an object for its effect alone.
    static func discard(
        _ what: String, free: @escaping (OpaquePointer?) -> Void,
        _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws {
        _ = try Handle(what, free: free, make)
    }
}
