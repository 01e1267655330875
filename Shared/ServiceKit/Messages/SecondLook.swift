import FoundationEssentials
import Foundations
import Synchronization

/// Workflows whose next message is another service's to publish.
///
/// Most often that was published a moment ago and is not marked yet, and what waits behind it can go. So they are looked
/// at once more; what is held up then is the relay's.
final class SecondLook: Sendable {
    /// Longer than a service takes to mark what it published, and much less than the relay leaves a row alone.
    private static let delay: Duration = .milliseconds(150)

    private let waiting = Mutex<Set<UUID>>([])
    private let bell = Doorbell()

    func note(_ workflow: UUID) {
        waiting.withLock { _ = $0.insert(workflow) }
        bell.ring()
    }

    /// Waits until there are some, and a moment more. Throws `CancellationError`.
    func next() async throws -> [UUID] {
        try await bell.wait()
        try await Task.sleep(for: Self.delay)
        return waiting.withLock { workflows in
            defer { workflows = [] }
            return Array(workflows)
        }
    }
}
