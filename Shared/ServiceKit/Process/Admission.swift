import Foundations
import Synchronization

/// Whether this process takes on new work. Closed while it is paused, or is to end; what it has begun goes on.
package final class Admission: Sendable {
    private struct State {
        var isOpen = true
        var waiting: [Promise<Void>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Waits until it is open. Throws `CancellationError` if the task is cancelled.
    package func opened() async throws {
        let promise = Promise<Void>()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(promise) }
            return state.isOpen
        }
        if !isOpen { try await promise.value() }
    }

    package func set(isOpen: Bool) {
        let waiting = state.withLock { state in
            state.isOpen = isOpen
            guard isOpen else { return [Promise<Void>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for promise in waiting { promise.succeed(()) }
    }
}
