import Foundations
import Glibc

/// A pipe that a command holds open: it tells when the command has begun, and when its last process is gone.
final class LifeLine: Sendable {
    /// What a script starts with to hold the line and say that it has begun.
    static let hold = "exec 9>lifeline; echo begun >&9; "

    private static let pool = BlockingPool(label: "lifeline", width: 4)
    private let descriptor: Int32

    init?(in workTree: String) {
        let path = workTree + "/lifeline"
        guard mkfifo(path, 0o666) == 0, chmod(path, 0o666) == 0 else { return nil }
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// Waits for the command to begin, 20 seconds at most.
    func begun() async throws -> Bool { try await wait(for: POLLIN) }

    /// Waits for the last process to be gone, 5 seconds at most.
    func cut() async throws -> Bool { try await wait(for: POLLHUP, milliseconds: 5000) }

    private func wait(for event: Int32, milliseconds: Int32 = 20_000) async throws -> Bool {
        let descriptor = descriptor
        return try await Self.pool.run {
            // Only POLLIN can be asked for; POLLHUP always comes.
            var entry = pollfd(fd: descriptor, events: event == POLLIN ? Int16(POLLIN) : 0, revents: 0)
            return poll(&entry, 1, milliseconds) == 1 && Int32(entry.revents) & event != 0
        }
    }
}
