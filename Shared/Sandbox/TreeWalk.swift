import Foundations
import Glibc

/// Visits everything below a folder without ever following a symbolic link, even one that appears on the way.
enum TreeWalk {
    /// Deeper trees are refused: each level holds an open file.
    static let deepest = 256

    /// Calls `visit` with the open parent, the name and the status of each entry, parents first, until it says `false`.
    /// Entries that vanish meanwhile are passed over. Returns whether the whole tree was visited. Throws
    /// ``FileFailure`` where the tree cannot be seen as a whole.
    ///
    /// A command may be at work in the tree: what it keeps closed is closed again after the visit.
    @discardableResult
    static func run(_ root: String, visit: (Int32, UnsafePointer<CChar>, stat) throws -> Bool) throws -> Bool {
        try walk(OpenFolder(root, access: .lent), depth: 0, visit: visit)
    }

    private static func walk(
        _ folder: OpenFolder, depth: Int, visit: (Int32, UnsafePointer<CChar>, stat) throws -> Bool
    ) throws -> Bool {
        guard depth < deepest else { throw FileFailure(ELOOP) }
        return try folder.forEach { name, info in
            guard try visit(folder.descriptor, name, info) else { return false }
            guard info.st_mode & S_IFMT == S_IFDIR, let child = try child(name, of: folder) else { return true }
            return try walk(child, depth: depth + 1, visit: visit)
        }
    }

    /// `nil` if the folder has gone, or something else has taken its place.
    private static func child(_ name: UnsafePointer<CChar>, of folder: OpenFolder) throws -> OpenFolder? {
        do {
            return try OpenFolder(name, in: folder.descriptor, access: .lent)
        } catch let failure as FileFailure where [ENOENT, ENOTDIR, ELOOP].contains(failure.code) {
            return nil
        }
    }
}
