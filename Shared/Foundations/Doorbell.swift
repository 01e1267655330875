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
        if !isRung(orRings: promise) { try await promise.value() }
    }

    /// Waits for a ring, at most for `limit`.
    package func wait(atMost limit: Duration) async throws {
        let promise = Promise<Void>()
        guard !isRung(orRings: promise) else { return }
        let deadline = Deadlines.process.schedule(after: limit) { promise.succeed(()) }
        defer { Deadlines.process.cancel(deadline) }
        try await promise.value()
    }

    /// Takes a ring that was kept. Where there is none the next one is for `promise`.
    private func isRung(orRings promise: Promise<Void>) -> Bool {
        state.withLock { state in
            defer { state.isRung = false }
            if !state.isRung { state.waiting = promise }
            return state.isRung
        }
    }
}
