import CGit2
import Glibc

/// Writes files below a directory, in whatever order, and never outside it.
///
/// It keeps the directory of the last file open, so that a run in order of path opens each directory once.
final class FileWriter {
    private let root: Int32
    private var folders: [(name: ArraySlice<UInt8>, descriptor: Int32)] = []

    init(root: String) throws {
        self.root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard self.root >= 0 else { throw GitError(.fileSystem, "cannot open the work tree: \(systemError())") }
    }

    deinit {
        for folder in folders { close(folder.descriptor) }
        close(root)
    }

    /// Makes `path` the file, link or submodule that `mode` says, in place of whatever is there.
    func write(_ path: [UInt8], _ bytes: UnsafeRawBufferPointer, mode: UInt32) throws -> stat {
        let parts = try components(path)
        let folder = try enter(parts.dropLast())
        let name = Array(parts[parts.count - 1]) + [0]
        try name.withCPath { name in
            if mode == GIT_FILEMODE_COMMIT.rawValue { return try makeFolder(name, in: folder) }
            try clear(name, in: folder)
            if mode == GIT_FILEMODE_LINK.rawValue {
                let target = Array(bytes) + [0]
                guard target.withCPath({ symlinkat($0, folder, name) }) == 0 else { throw failure() }
            } else {
                try makeFile(name, in: folder, bytes, isExecutable: mode == GIT_FILEMODE_BLOB_EXECUTABLE.rawValue)
            }
        }
        var info = stat()
        guard name.withCPath({ fstatat(folder, $0, &info, AT_SYMLINK_NOFOLLOW) }) == 0 else { throw failure() }
        return info
    }

    /// Removes `path`, whatever it is. Does nothing if it is not there.
    func remove(_ path: [UInt8]) throws {
        let parts = try components(path)
        guard let folder = try? enter(parts.dropLast(), creating: false) else { return }
        try (Array(parts[parts.count - 1]) + [0]).withCPath { try clear($0, in: folder) }
    }

    /// Removes the directory `path` if it is empty.
    func removeIfEmpty(_ path: [UInt8]) throws {
        let parts = try components(path)
        guard let folder = try? enter(parts.dropLast(), creating: false) else { return }
        _ = (Array(parts[parts.count - 1]) + [0]).withCPath { unlinkat(folder, $0, AT_REMOVEDIR) }
    }

    // MARK: Steps

    /// The parts of a path that ends in a zero byte. Throws if one of them leads elsewhere.
    private func components(_ path: [UInt8]) throws -> [ArraySlice<UInt8>] {
        let parts = path.dropLast().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isSafe = parts.allSatisfy { part in
            let text = String(decoding: part, as: UTF8.self).lowercased()
            return !text.isEmpty && text != "." && text != ".." && text != ".git"
        }
        guard isSafe, !parts.isEmpty else { throw GitError(.corrupt, "the commit holds a forbidden path") }
        return parts
    }

    private func enter(_ parts: ArraySlice<ArraySlice<UInt8>>, creating: Bool = true) throws -> Int32 {
        var common = 0
        while common < min(folders.count, parts.count), folders[common].name.elementsEqual(parts[common]) {
            common += 1
        }
        while folders.count > common { close(folders.removeLast().descriptor) }
        for part in parts[common...] {
            let parent = folders.last?.descriptor ?? root
            let descriptor = try (Array(part) + [0]).withCPath { name in
                if creating { try makeFolder(name, in: parent) }
                return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            guard descriptor >= 0 else { throw failure() }
            folders.append((part, descriptor))
        }
        return folders.last?.descriptor ?? root
    }

    /// Makes a directory in place of whatever else has its name.
    private func makeFolder(_ name: UnsafePointer<CChar>, in parent: Int32) throws {
        if mkdirat(parent, name, 0o777) == 0 { return }
        guard errno == EEXIST else { throw failure() }
        var info = stat()
        guard fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { throw failure() }
        if info.st_mode & S_IFMT == S_IFDIR { return }
        guard unlinkat(parent, name, 0) == 0, mkdirat(parent, name, 0o777) == 0 else { throw failure() }
    }

    private func makeFile(
        _ name: UnsafePointer<CChar>, in folder: Int32, _ bytes: UnsafeRawBufferPointer, isExecutable: Bool
    ) throws {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = openat(folder, name, flags, isExecutable ? 0o777 : 0o666)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor)
    }

    /// Removes whatever has the name, if anything.
    private func clear(_ name: UnsafePointer<CChar>, in folder: Int32) throws {
        if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure() }
        try FolderRemoval.remove(name, in: folder)
    }

    private func failure() -> GitError { GitError(.fileSystem, "cannot write the work tree: \(systemError())") }
}
