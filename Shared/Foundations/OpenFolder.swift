import Glibc

/// A folder of a tree that commands may have filled with anything, open for reading: what every walk of one is made of.
///
/// No symbolic link is followed, not even one that appears meanwhile. A mode that keeps its owner out is undone, and
/// what cannot be read is an error: a folder never looks emptier than it is.
package final class OpenFolder {
    /// What becomes of a mode that keeps the owner out.
    package enum Access: Sendable {
        /// The owner may read, write and enter the folder from now on.
        case restored
        /// The folder gets its mode back when it is closed: for trees in which a command is at work.
        case lent
    }

    private let stream: OpaquePointer
    /// The mode to put back at the end.
    private let lentMode: mode_t?

    /// The open folder, as the place that names are looked up in. It stays open as long as this value lives.
    package var descriptor: Int32 { dirfd(stream) }

    /// Opens the folder `name` of the open folder `parent`, or by its path. Throws ``FileFailure``, with `ENOENT` where
    /// there is none, with `ENOTDIR` or `ELOOP` where the name is something else.
    package init(
        _ name: UnsafePointer<CChar>, in parent: Int32 = AT_FDCWD, access: Access = .restored
    ) throws {
        var before: mode_t?
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(parent, name, flags)
        if descriptor < 0, errno == EACCES {
            before = try FileAccess.grant(S_IRWXU, name, in: parent)
            descriptor = openat(parent, name, flags)
        }
        guard descriptor >= 0 else { throw FileFailure(errno) }
        before = Self.open(descriptor, for: access) ?? before
        guard let stream = fdopendir(descriptor) else {
            let failure = FileFailure(errno)
            close(descriptor)
            throw failure
        }
        self.stream = stream
        lentMode = access == .lent ? before : nil
    }

    deinit {
        var info = stat()
        // Unless its owner has changed it meanwhile.
        if let lentMode, fstat(descriptor, &info) == 0, info.st_mode == lentMode | S_IRWXU {
            fchmod(descriptor, lentMode & ~S_IFMT)
        }
        closedir(stream)
    }

    /// Calls `body` with the name and the status of each entry but `.` and `..`, until it says `false`. What vanishes
    /// meanwhile is passed over. Returns whether it came to the end. Throws ``FileFailure`` and what `body` throws.
    @discardableResult
    package func forEach(_ body: (UnsafePointer<CChar>, stat) throws -> Bool) throws -> Bool {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw FileFailure(errno) }
                return true
            }
            let goesOn = try withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                try pointer.withMemoryRebound(to: CChar.self, capacity: 256) { try visit($0, body) }
            }
            guard goesOn else { return false }
        }
    }

    private func visit(
        _ name: UnsafePointer<CChar>, _ body: (UnsafePointer<CChar>, stat) throws -> Bool
    ) throws -> Bool {
        guard strcmp(name, ".") != 0, strcmp(name, "..") != 0 else { return true }
        var info = stat()
        guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT else { throw FileFailure(errno) }
            return true
        }
        return try body(name, info)
    }

    /// Makes sure that an open folder can be used. Returns the mode that stood in the way, if one did.
    private static func open(_ descriptor: Int32, for access: Access) -> mode_t? {
        let (rights, call) = access == .lent ? (S_IRUSR | S_IXUSR, R_OK | X_OK) : (S_IRWXU, R_OK | W_OK | X_OK)
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & rights != rights,
            faccessat(descriptor, ".", call, AT_EACCESS) != 0
        else { return nil }
        return fchmod(descriptor, info.st_mode & ~S_IFMT | S_IRWXU) == 0 ? info.st_mode : nil
    }
}

/// Undoes modes that keep an owner out.
package enum FileAccess {
    /// Adds `rights` to the mode of `name`, which is never followed as a link. Returns the mode it had. Throws
    /// ``FileFailure`` with `EACCES` where this account may not do that.
    @discardableResult
    package static func grant(
        _ rights: mode_t, _ name: UnsafePointer<CChar>, in parent: Int32
    ) throws -> mode_t {
        var info = stat()
        guard fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { throw FileFailure(errno) }
        guard fchmodat(parent, name, info.st_mode & ~S_IFMT | rights, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw FileFailure(errno == ENOENT ? ENOENT : EACCES)
        }
        return info.st_mode
    }
}

/// A call on a file that failed.
package struct FileFailure: Error, Equatable, CustomStringConvertible {
    /// The value of `errno`.
    package let code: Int32
    package init(_ code: Int32) { self.code = code }
    package var description: String { String(cString: strerror(code)) }
    /// Whether the account may not do it.
    package var isDenied: Bool { code == EACCES || code == EPERM }
}
