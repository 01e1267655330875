import Foundations
import Glibc

/// Reads files that a command may have put anything in the place of.
enum SafeFile {
    /// What was read, with the state from before it was.
    struct Content {
        let bytes: [UInt8]
        let info: stat
    }

    /// The bytes of a plain file, see ``read(_:in:limit:)``, or the target of a symbolic link. Throws ``FileFailure``.
    static func read(_ file: DirectoryWalk.File, limit: Int) throws -> Content? {
        guard file.info.st_mode & S_IFMT == S_IFLNK else { return try read(file.name, in: file.folder, limit: limit) }
        return Content(bytes: try readLink(file.name, in: file.folder), info: file.info)
    }

    /// The file `name` of an open directory; `nil` if it is not a plain file of at most `limit` bytes.
    ///
    /// Never follows a symbolic link and never waits for a pipe. A mode that keeps the owner from reading is undone.
    /// Throws ``FileFailure`` if a plain file cannot be read.
    static func read(_ name: UnsafePointer<CChar>, in folder: Int32, limit: Int) throws -> Content? {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        var descriptor = openat(folder, name, flags)
        if descriptor < 0, errno == EACCES {
            try FileAccess.grant(S_IRUSR, name, in: folder)
            descriptor = openat(folder, name, flags)
        }
        guard descriptor >= 0 else {
            if errno == ELOOP || errno == ENOENT || errno == ENXIO { return nil }
            throw FileFailure(errno)
        }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= limit else { return nil }
        return Content(bytes: try bytes(of: descriptor, expecting: Int(info.st_size), limit: limit), info: info)
    }

    private static func readLink(_ name: UnsafePointer<CChar>, in folder: Int32) throws -> [UInt8] {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(folder, name, &target, target.count)
        guard count >= 0 else { throw FileFailure(errno) }
        return target.prefix(count).map { UInt8(bitPattern: $0) }
    }

    private static func bytes(of descriptor: Int32, expecting size: Int, limit: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let more = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if more < 0 && errno == EINTR { continue }
                guard more >= 0 else { throw FileFailure(errno) }
                // Shorter than it was a moment ago: take what there is.
                if more == 0 { return }
                count += more
            }
        }
    }
}
