import Dispatch
import Foundations

/// What was awaited did not happen in time.
package struct DeadlineExceeded: Error, CustomStringConvertible {
    /// What was awaited.
    package let what: String
    /// How long it was awaited.
    package let duration: Duration

    package var description: String { "\(what) did not happen within \(duration)" }
}

/// Time limits for what a test waits for.
package enum Deadline {
    /// How long a test waits for an event by default. Generous: it is only reached when the test fails.
    package static let usual: Duration = .seconds(20)

    /// Fails `promise` with ``DeadlineExceeded`` unless it is fulfilled within `duration`.
    package static func arm<T>(_ promise: Promise<T>, for what: String, within duration: Duration) {
        DispatchQueue.global().asyncAfter(deadline: .now() + duration.seconds) { [weak promise] in
            promise?.fail(DeadlineExceeded(what: what, duration: duration))
        }
    }

    /// Returns after `duration`, or throws when the task is cancelled: a stand-in for the slowness of a remote party.
    package static func elapse(_ duration: Duration) async throws {
        guard duration > .zero else { return }
        let promise = Promise<Void>()
        DispatchQueue.global().asyncAfter(deadline: .now() + duration.seconds) { promise.succeed(()) }
        try await promise.value()
    }

    /// Runs `operation`; throws ``DeadlineExceeded`` and cancels it if it takes longer than `duration`.
    package static func limit<T: Sendable>(
        _ what: String, within duration: Duration = usual, _ operation: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        try await first(
            of: operation,
            or: {
                try await elapse(duration)
                throw DeadlineExceeded(what: what, duration: duration)
            })
    }

    /// The outcome of whichever ends first; the other is cancelled.
    package static func first<T: Sendable>(
        of one: @escaping @Sendable () async throws -> T, or other: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: T.self) { group in
            group.addTask(operation: one)
            group.addTask(operation: other)
            defer { group.cancelAll() }
            guard let outcome = try await group.next() else { throw CancellationError() }
            return outcome
        }
    }
}
