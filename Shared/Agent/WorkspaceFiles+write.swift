import FoundationEssentials
import Glibc
import SystemPackage

extension WorkspaceFiles {
    /// Puts `bytes` in place of a file in one step, making folders on the way. An existing file keeps its mode. What a
    /// service running as root makes belongs to the owner of the work tree, like everything else in it.
    ///
    /// `mayWrite` is asked with the path relative to the root without links.
    @discardableResult
    package func write(
        _ path: String, _ bytes: [UInt8], mayWrite: (String) throws -> Void = { _ in }
    ) throws -> Written {
        guard bytes.count <= Self.writeLimit else {
            throw ToolError("\(path) would be larger than 5 MB. Write less, or generate it with a command.")
        }
        let place = try PathResolver(path, root: root)
        guard place.kind == .file || place.kind == .missing, let leaf = place.leaf else {
            throw Self.wrongKind(place, path)
        }
        try mayWrite(place.path)
        let owner = try Owner(of: root)
        let written = Written(path: place.path, isNew: place.kind == .missing, alike: place.alike)
        guard written.isNew, let name = place.below.last else {
            try replace(leaf, in: place.parent, bytes, owner, path)
            return written
        }
        let folder = try makeFolders([leaf.text] + place.below.dropLast(), in: place.parent, owner, path)
        defer { close(folder) }
        try replace(FileName(name), in: folder, bytes, owner, path)
        return written
    }

    /// A file that was written.
    package struct Written: Sendable {
        /// Relative to the root, without links.
        package let path: String
        package let isNew: Bool
        /// The path of something that was there before, and whose name differs from the new file's in case alone.
        package let alike: String?
    }

    /// Makes a chain of folders and returns the last one, open.
    private func makeFolders(_ names: [String], in parent: Int32, _ owner: Owner, _ path: String) throws -> Int32 {
        var current = dup(parent)
        for name in names {
            let folder = current
            defer { close(folder) }
            guard mkdirat(folder, name, 0o755) == 0 || errno == EEXIST else { throw Self.failed(path, errno) }
            current = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard current >= 0 else { throw Self.failed(path, errno) }
            owner.take(current)
        }
        return current
    }

    /// Writes a new file beside the old one and renames it, so that no reader ever sees half of it.
    private func replace(
        _ name: FileName, in folder: Int32, _ bytes: [UInt8], _ owner: Owner, _ path: String
    ) throws {
        var old = stat()
        let exists = fstatat(folder, name.bytes, &old, AT_SYMLINK_NOFOLLOW) == 0
        let draft = ".\(UUID().uuidString).draft"
        let descriptor = openat(folder, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failed(path, errno) }
        do {
            defer { close(descriptor) }
            try FileDescriptor(rawValue: descriptor).writeAll(bytes)
            owner.take(descriptor)
            fchmod(descriptor, exists ? old.st_mode & 0o777 : 0o644)
            guard renameat(folder, draft, folder, name.bytes) == 0 else { throw Self.failed(path, errno) }
        } catch {
            unlinkat(folder, draft, 0)
            throw error
        }
    }

    private static func failed(_ path: String, _ code: Int32) -> ToolError {
        ToolError("\(path) cannot be written: \(PathResolver.reason(code)).")
    }

    /// The owner of the work tree.
    private struct Owner {
        private let status: stat

        init(of root: String) throws {
            var status = stat()
            guard lstat(root, &status) == 0 else { throw ToolError("The work tree does not exist.") }
            self.status = status
        }

        /// Gives an open file to the owner. Only root can, and only root needs to.
        func take(_ descriptor: Int32) {
            if geteuid() == 0 { fchown(descriptor, status.st_uid, status.st_gid) }
        }
    }
}
