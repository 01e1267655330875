import Glibc
import SystemPackage

extension OpenFolder {
    /// What a plain file of the folder holds, up to `limit` bytes. Throws where it is anything else, as a symbolic link.
    package func bytes(of name: UnsafePointer<CChar>, upTo limit: Int) throws -> [UInt8] {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw FileFailure(errno) }
        return try FileDescriptor(rawValue: file).closeAfter {
            var info = stat()
            guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { throw FileFailure(EINVAL) }
            return try FileDescriptor(rawValue: file).bytes(upTo: limit)
        }
    }
}
