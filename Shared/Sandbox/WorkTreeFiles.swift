import Foundations
import Glibc

/// The two things the sandbox does to a work tree itself: hand it over, and watch its size.
enum WorkTreeFiles {
    private static let pool = BlockingPool(label: "sandbox.files", width: 2)

    /// Gives everything in the tree to `account`. Symbolic links are changed themselves, never what they name.
    static func handOver(_ root: String, to account: SandboxAccount) async throws {
        try await pool.run {
            let changed = lchown(root, account.userID, account.groupID)
            guard changed == 0 else { throw failure(errno) }
            do {
                try TreeWalk.run(root) { parent, name, status in
                    guard status.st_uid != account.userID || status.st_gid != account.groupID else { return true }
                    let changed = fchownat(parent, name, account.userID, account.groupID, AT_SYMLINK_NOFOLLOW)
                    guard changed == 0 || errno == ENOENT else { throw failure(errno) }
                    return true
                }
            } catch let error as FileFailure {
                throw failure(error.code)
            }
        }
    }

    /// Whether the tree is beyond its limits. A tree that cannot be seen as a whole counts as beyond them.
    static func exceeds(_ root: String, _ limits: SandboxLimits) async -> Bool {
        (try? await pool.run { try isBeyond(limits, root) }) ?? true
    }

    /// Blocking. Files with several names count once for each.
    static func isBeyond(_ limits: SandboxLimits, _ root: String) throws -> Bool {
        var bytes = 0
        var entries = 0
        return try !TreeWalk.run(root) { _, _, status in
            bytes += Int(status.st_blocks) * 512
            entries += 1
            return bytes <= limits.workTreeBytes && entries <= limits.workTreeEntries
        }
    }

    private static func failure(_ code: Int32) -> SandboxError {
        SandboxError(
            .ownership, "the work tree cannot be handed to the sandbox's user: \(String(cString: strerror(code)))")
    }
}
