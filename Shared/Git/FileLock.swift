import Foundations
import Glibc

/// A lock that processes of one host share, held until the value goes away. The kernel frees it when a process dies.
package final class FileLock: Sendable {
    /// Whether others may hold the lock too.
    package enum Mode: Sendable {
        case shared, exclusive

        fileprivate var operation: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
    }

    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // A process that is just being started holds a copy of the descriptor until it runs: closing ours would not do.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Marks the file as used now.
    func touch() { futimens(descriptor, nil) }

    /// The lock of the file `path`, which is created if need be, or `nil` if another holds it.
    package static func attempt(_ path: String, _ mode: Mode) throws -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw GitError(.fileSystem, "cannot open a lock file: \(systemError())") }
        let lock = FileLock(descriptor: descriptor)
        if flock(descriptor, mode.operation | LOCK_NB) == 0 { return lock }
        guard errno == EWOULDBLOCK || errno == EINTR else {
            throw GitError(.fileSystem, "cannot lock a file: \(systemError())")
        }
        return nil
    }

    /// Waits for the lock without holding a thread.
    package static func acquire(_ path: String, _ mode: Mode) async throws -> FileLock {
        let backoff = Backoff(base: .milliseconds(2), cap: .milliseconds(40))
        var attempt = 0
        while true {
            if let lock = try FileLock.attempt(path, mode) { return lock }
            try await Task.sleep(for: backoff.delay(attempt: attempt))
            attempt += 1
        }
    }
}

/// The text of `errno`.
func systemError(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
