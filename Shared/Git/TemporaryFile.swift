import FoundationEssentials
import Glibc

/// A file without a name: nobody else finds it, and the kernel removes it with the last descriptor, even after a kill.
final class TemporaryFile: Sendable {
    let descriptor: Int32

    /// Makes an empty file on the disk of `directory`, for this user alone.
    init(in directory: String) throws {
        let path = "\(directory)/automata-\(UUID().uuidString)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw GitError(.fileSystem, "cannot make a temporary file: \(systemError())") }
        unlink(path)
        self.descriptor = descriptor
    }

    /// Makes a file that holds `bytes`, ready to be read from the start.
    convenience init(in directory: String, holding bytes: Data) throws {
        try self.init(in: directory)
        try bytes.withUnsafeBytes { try writeAll($0, to: descriptor) }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    /// A path by which a child process of the same user opens the file.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// The contents, mapped rather than read: a large pack does not count as memory in use.
    func contents() throws -> Data {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw GitError(.fileSystem, "cannot read: \(systemError())") }
        let count = Int(info.st_size)
        guard count > 0 else { return Data() }
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw GitError(.fileSystem, "cannot map a file: \(systemError())")
        }
        return Data(bytesNoCopy: address, count: count, deallocator: .unmap)
    }
}

/// Writes all of `bytes`, however many calls that takes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw GitError(.fileSystem, "cannot write a file: \(systemError())") }
        rest = rest.dropFirst(count)
    }
}
