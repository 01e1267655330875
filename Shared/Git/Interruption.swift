import Foundations
import Synchronization

/// Whether blocking work is still wanted: a call on a thread of its own learns of a cancellation no other way.
final class Interruption: Sendable {
    private let isRaised = Atomic(false)

    /// From now on ``check()`` throws.
    func raise() { isRaised.store(true, ordering: .relaxed) }

    /// Throws `CancellationError` once the work is not wanted any more.
    func check() throws {
        if isRaised.load(ordering: .relaxed) { throw CancellationError() }
    }
}

extension Library {
    /// Runs `body` on a thread that may block. It is told when the calling task is cancelled.
    static func run<T: Sendable>(_ body: @escaping @Sendable (Interruption) throws -> T) async throws -> T {
        let interruption = Interruption()
        return try await withTaskCancellationHandler {
            try await pool.run { try body(interruption) }
        } onCancel: {
            interruption.raise()
        }
    }
}
