import Glibc
import Synchronization

/// Ends work on other threads that waits in `poll`: its descriptor becomes ready for good.
final class StopSignal: Sendable {
    /// Ready to be read once ``stop()`` was called.
    let descriptor: Int32
    private let writing: Mutex<Int32?>

    init() throws(SocketFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SocketFailure("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        descriptor = ends[0]
        writing = Mutex(ends[1])
    }

    deinit {
        stop()
        close(descriptor)
    }

    func stop() {
        let end = writing.withLock { writing in
            defer { writing = nil }
            return writing
        }
        if let end { close(end) }
    }
}
