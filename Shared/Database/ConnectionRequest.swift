import Dispatch
import Synchronization

/// Work that waits for a connection and then has one; its awaiting task may be cancelled at any time.
final class ConnectionRequest: Sendable {
    /// What to do with a connection, or without one. Exactly one of the two is called, once.
    struct Handler: Sendable {
        /// Returns what tells the outcome.
        let run: @Sendable (Connection) -> () -> Void
        let fail: @Sendable (DatabaseError) -> Void
    }

    private enum Phase: Sendable {
        case created
        case waiting(Handler)
        case running(Canceller)
        /// Its outcome is being settled, which must not be disturbed any more.
        case shielded
        case finished
    }

    private struct State: Sendable {
        var phase = Phase.created
        var isCancelled = false
    }

    /// Until when it waits for a server that cannot be reached.
    let deadline: ContinuousClock.Instant
    private let state = Mutex(State())

    init(deadline: ContinuousClock.Instant) { self.deadline = deadline }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Starts to wait. Returns false if the task was cancelled before.
    func wait(with handler: Handler) -> Bool {
        state.withLock { state in
            guard !state.isCancelled else { return false }
            state.phase = .waiting(handler)
            return true
        }
    }

    /// Takes the handler to run it, `nil` if it was cancelled meanwhile.
    func begin(_ canceller: Canceller) -> Handler? {
        state.withLock { state in
            guard case .waiting(let handler) = state.phase else { return nil }
            state.phase = .running(canceller)
            return handler
        }
    }

    /// From here on cancellation has no effect. Returns whether the request was not cancelled before.
    @discardableResult
    func shield() -> Bool {
        state.withLock { state in
            if case .running = state.phase { state.phase = .shielded }
            return !state.isCancelled
        }
    }

    /// Ends work that was run.
    func finish() { state.withLock { $0.phase = .finished } }

    /// Ends work that never ran.
    func fail(_ error: DatabaseError) {
        let handler = state.withLock { state -> Handler? in
            guard case .waiting(let handler) = state.phase else { return nil }
            state.phase = .finished
            return handler
        }
        handler?.fail(error)
    }

    /// Ends waiting work at once, and asks the server to give up running work.
    func cancel(on queue: DispatchQueue) {
        let isRunning = state.withLock { state -> Bool in
            switch state.phase {
            case .shielded, .finished: return false
            case .created, .waiting: state.isCancelled = true
            case .running:
                state.isCancelled = true
                return true
            }
            return false
        }
        if isRunning { queue.async { self.interrupt(on: queue) } } else { fail(.cancelled) }
    }

    /// Repeats itself until the work has ended: to cancel just before a statement starts has no effect.
    ///
    /// The lock is held meanwhile, so that it cannot hit the next work on this connection.
    private func interrupt(on queue: DispatchQueue) {
        let isRunning = state.withLock { state -> Bool in
            guard case .running(let canceller) = state.phase else { return false }
            canceller.cancel()
            return true
        }
        guard isRunning else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(100)) { self.interrupt(on: queue) }
    }
}
