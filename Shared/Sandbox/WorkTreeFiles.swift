import Foundations
import Glibc

/// The two things the sandbox does to a work tree itself: hand it over, and watch its size.
enum WorkTreeFiles {
    private static let pool = BlockingPool(label: "sandbox.files", width: 2)
    /// A command may be at work in the tree: what it keeps closed is closed again after the visit.
    private static let walk = TreeWalk(access: .lent)

    /// Gives everything in the tree to `account`. Symbolic links are changed themselves, never what they name.
    static func handOver(_ root: String, to account: SandboxAccount) async throws {
        try await pool.run {
            let changed = lchown(root, account.userID, account.groupID)
            guard changed == 0 else { throw failure(errno) }
            do {
                try walk.run(root) { entry in
                    let owner = (entry.info.st_uid, entry.info.st_gid)
                    guard owner != (account.userID, account.groupID) else { return .on }
                    let changed = fchownat(
                        entry.folder.descriptor, entry.name, account.userID, account.groupID, AT_SYMLINK_NOFOLLOW)
                    guard changed == 0 || errno == ENOENT else { throw failure(errno) }
                    return .on
                }
            } catch let error as FileFailure {
                throw failure(error.code)
            }
        }
    }

    /// Whether the tree is beyond its limits, with what `process` and all that it started hold open of it. A tree that
    /// cannot be seen as a whole counts as beyond them.
    static func exceeds(_ root: String, _ limits: SandboxLimits, heldBy process: Int32) async -> Bool {
        let found = try? await pool.run {
            var info = stat()
            guard stat(root, &info) == 0 else { throw FileFailure(errno) }
            return try isBeyond(limits, root, held: ProcessTree(below: process).unlinkedBytes(on: info.st_dev))
        }
        return found ?? true
    }

    /// Blocking. Files with several names count once for each; `held` bytes have no name.
    static func isBeyond(_ limits: SandboxLimits, _ root: String, held: Int = 0) throws -> Bool {
        var bytes = held
        var entries = 0
        try walk.run(root) { entry in
            bytes += Int(entry.info.st_blocks) * 512
            entries += 1
            return bytes <= limits.workTreeBytes && entries <= limits.workTreeEntries ? .on : .end
        }
        return bytes > limits.workTreeBytes || entries > limits.workTreeEntries
    }

    private static func failure(_ code: Int32) -> SandboxError {
        SandboxError(
            .ownership, "the work tree cannot be handed to the sandbox's user: \(String(cString: strerror(code)))")
    }
}
