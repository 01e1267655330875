import Synchronization

/// Wakes one waiting loop. A ring that comes while nobody waits is kept, several count as one.
package final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var waiting: Promise<Void>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Ends the wait of the loop, or the next one at once.
    package func ring() {
        let waiting = state.withLock { state -> Promise<Void>? in
            guard let waiting = state.waiting else {
                state.isRung = true
                return nil
            }
            state.waiting = nil
            return waiting
        }
        // Whoever waited may have given up just before: the ring is kept for the next wait.
        if let waiting, !waiting.succeed(()) { state.withLock { $0.isRung = true } }
    }

    /// Waits for a ring. Throws `CancellationError` if the task is cancelled.
    package func wait() async throws {
        let promise = Promise<Void>()
        let isRung = state.withLock { state -> Bool in
            if state.isRung {
                state.isRung = false
                return true
            }
            state.waiting = promise
            return false
        }
        if !isRung { try await promise.value() }
    }

    /// Waits for a ring, at most for `limit`.
    package func wait(atMost limit: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Task.sleep(for: limit) }
            group.addTask { try await self.wait() }
            try await group.next()
            group.cancelAll()
        }
    }
}
