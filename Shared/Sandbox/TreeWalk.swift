import Glibc

/// Visits everything below a folder without ever following a symbolic link, even one that appears on the way.
enum TreeWalk {
    /// Deeper trees are refused: each level holds an open file.
    static let deepest = 256

    /// Why a walk ended early.
    struct Failure: Error { let code: Int32 }

    /// Calls `visit` with the open parent, the name and the status of each entry, parents first, until it says `false`.
    /// Entries that vanish meanwhile are passed over. Returns whether the whole tree was visited.
    @discardableResult
    static func run(_ root: String, visit: (Int32, UnsafePointer<CChar>, stat) throws -> Bool) throws -> Bool {
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        return try walk(descriptor, depth: 0, visit: visit)
    }

    /// Takes over `descriptor`.
    private static func walk(
        _ descriptor: Int32, depth: Int, visit: (Int32, UnsafePointer<CChar>, stat) throws -> Bool
    ) throws -> Bool {
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw Failure(code: code)
        }
        defer { closedir(stream) }
        guard depth < deepest else { throw Failure(code: ELOOP) }
        while let entry = readdir(stream) {
            let goesOn = try withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                try pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    try enter(name, of: descriptor, depth: depth, visit: visit)
                }
            }
            guard goesOn else { return false }
        }
        return true
    }

    private static func enter(
        _ name: UnsafePointer<CChar>, of parent: Int32, depth: Int,
        visit: (Int32, UnsafePointer<CChar>, stat) throws -> Bool
    ) throws -> Bool {
        guard strcmp(name, ".") != 0, strcmp(name, "..") != 0 else { return true }
        var status = stat()
        guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return true }
        guard try visit(parent, name, status) else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else { return true }
        let child = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return child < 0 ? true : try walk(child, depth: depth + 1, visit: visit)
    }
}
