import Foundations
import Glibc

/// The places in a work tree at which commands see something else. What commands left there is not trusted: a link would
/// lead the mount out of the tree.
enum MountPoints {
    /// Makes the folders of a path in the work tree that are missing. Returns whether all are folders of the tree's own.
    ///
    /// - Parameter account: Whose they are to be; `nil` for this process's own.
    static func prepare(_ path: String, in workTree: String, for account: SandboxAccount?) throws -> Bool {
        do {
            var folder = try OpenFolder(workTree, access: .lent)
            for name in path.split(separator: "/").map(String.init) {
                guard name != ".", name != ".." else { return false }
                if mkdirat(folder.descriptor, name, 0o755) == 0 {
                    if let account {
                        fchownat(
                            folder.descriptor, name, account.userID, account.groupID, AT_SYMLINK_NOFOLLOW)
                    }
                } else if errno != EEXIST {
                    throw FileFailure(errno)
                }
                folder = try OpenFolder(name, in: folder.descriptor, access: .lent)
            }
            return true
        } catch let failure as FileFailure where [ENOTDIR, ELOOP].contains(failure.code) {
            return false
        }
    }
}
