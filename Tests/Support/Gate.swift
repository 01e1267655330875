import Foundations
import Synchronization

/// A one-time event that any number of tasks can await: closed at first, open for ever after ``open()``.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [Promise<Void>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether the event has happened.
    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Tells everyone who waits, now or later, that the event has happened.
    package func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.succeed(()) }
    }

    /// Returns when the event has happened. Throws ``DeadlineExceeded`` naming `what` after `duration`.
    package func wait(_ what: String = "the event", within duration: Duration? = Deadline.usual) async throws {
        let promise = Promise<Void>()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiters.append(promise) }
            return state.isOpen
        }
        guard !isOpen else { return }
        if let duration { Deadline.arm(promise, for: what, within: duration) }
        try await promise.value()
    }
}
