import FoundationEssentials
import Glibc

/// Removes a directory that a command may have filled with anything, without leaving it.
enum FolderRemoval {
    /// Removes the directory `name` of an open directory with all it holds. Does nothing if there is none.
    ///
    /// Directories within are moved up beside it before they are emptied: no nesting is too deep.
    static func remove(_ name: UnsafePointer<CChar>, in folder: Int32) throws {
        var waiting = [String(cString: name)]
        while let next = waiting.popLast() {
            guard let descriptor = try open(next, in: folder) else { continue }
            defer { close(descriptor) }
            for child in try empty(descriptor) {
                let place = ".automata-removed-\(UUID().uuidString)"
                // To move a directory one must be allowed to write it.
                fchmodat(descriptor, child, 0o700, 0)
                guard renameat(descriptor, child, folder, place) == 0 else { throw failure() }
                waiting.append(place)
            }
            guard unlinkat(folder, next, AT_REMOVEDIR) == 0 else { throw failure() }
        }
    }

    /// Opens a directory, whatever its mode says; `nil` if there is none.
    private static func open(_ name: String, in folder: Int32) throws -> Int32? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(folder, name, flags)
        if descriptor < 0, errno == EACCES, fchmodat(folder, name, 0o700, 0) == 0 {
            descriptor = openat(folder, name, flags)
        }
        if descriptor >= 0 {
            fchmod(descriptor, 0o700)
            return descriptor
        }
        if errno == ENOENT { return nil }
        throw failure()
    }

    /// Removes the files of an open directory and returns the names of its directories.
    private static func empty(_ descriptor: Int32) throws -> [[CChar]] {
        guard let stream = fdopendir(dup(descriptor)) else { throw failure() }
        defer { closedir(stream) }
        var children: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                Array(bytes.bindMemory(to: CChar.self).prefix { $0 != 0 }) + [0]
            }
            let isSelf = name == [46, 0] || name == [46, 46, 0]
            guard !isSelf, unlinkat(descriptor, name, 0) != 0 else { continue }
            guard errno == EISDIR || errno == EPERM else { throw failure() }
            children.append(name)
        }
        return children
    }

    private static func failure() -> GitError {
        GitError(.fileSystem, "cannot remove a directory: \(systemError())")
    }
}
