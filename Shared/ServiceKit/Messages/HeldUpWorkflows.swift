import FoundationEssentials
import Foundations
import Synchronization

/// Workflows whose next message is another service's to publish, and has not been seen in the stream.
///
/// Most often it was published a moment ago and is not marked yet, and what waits behind it can go. So they are looked at
/// a few times more; what is held up after that is the relay's.
final class HeldUpWorkflows: Sendable {
    /// Together longer than a service takes to mark what it published, and much less than the relay leaves a row alone.
    private static let interval: Duration = .milliseconds(50)
    private static let looks = 8

    /// How often each is still to be looked at.
    private let waiting = Mutex<[UUID: Int]>([:])
    private let bell = Doorbell()

    /// Has workflows looked at: for the first time, or once more after a look.
    func note(_ workflows: [UUID], after look: [UUID: Int] = [:]) {
        guard !workflows.isEmpty else { return }
        waiting.withLock { waiting in
            for workflow in workflows {
                let left = look[workflow].map { $0 - 1 } ?? Self.looks
                if left > 0 { waiting[workflow] = max(left, waiting[workflow] ?? 0) }
            }
        }
        bell.ring()
    }

    /// Waits until there are some, and a moment more. Throws `CancellationError`.
    func next() async throws -> [UUID: Int] {
        try await bell.wait()
        try await Task.sleep(for: Self.interval)
        return waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting
        }
    }
}
