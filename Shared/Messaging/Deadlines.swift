import Dispatch
import Foundations
import Synchronization

/// Runs actions at a time to come, unless they are cancelled first.
///
/// Made for many short-lived deadlines: setting and cancelling one is a dictionary access, and cancelling frees the
/// action at once. Actions run late by ``granularity`` at most, on a queue of their own, and must not block.
package final class Deadlines: Sendable {
    /// Names a pending action.
    package struct Token: Hashable, Sendable {
        fileprivate let id: UInt64
    }

    private struct Entry {
        let due: ContinuousClock.Instant
        let action: @Sendable () -> Void
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var lastID: UInt64 = 0
        var sweep: ContinuousClock.Instant?
    }

    private static let granularity = Duration.milliseconds(5)
    private let state = Mutex(State())
    private let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    /// Runs `action` after `delay`, unless it is cancelled before.
    package func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> Token {
        let due = ContinuousClock.now + delay
        let (id, sweep) = state.withLock { state in
            state.lastID += 1
            state.entries[state.lastID] = Entry(due: due, action: action)
            return (state.lastID, Self.plan(&state, due: due))
        }
        wake(at: sweep)
        return Token(id: id)
    }

    /// Forgets the action. Does nothing if it ran already.
    package func cancel(_ token: Token) {
        // The entry is freed outside the lock: it may hold the last reference to something that calls in here.
        _ = state.withLock { $0.entries.removeValue(forKey: token.id) }
    }

    /// Decides whether a sweep has to be started for `due`, and when.
    private static func plan(_ state: inout State, due: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if let sweep = state.sweep, sweep <= due + granularity { return nil }
        let sweep = max(ContinuousClock.now + granularity, due)
        state.sweep = sweep
        return sweep
    }

    private func wake(at sweep: ContinuousClock.Instant?) {
        guard let sweep else { return }
        let wait = ContinuousClock.now.duration(to: sweep).seconds
        queue.asyncAfter(deadline: .now() + max(0, wait)) { [weak self] in self?.run(sweep) }
    }

    /// Runs what is due. A sweep that an earlier one has replaced changes no plan.
    private func run(_ sweep: ContinuousClock.Instant) {
        let (due, next) = state.withLock { state -> ([Entry], ContinuousClock.Instant?) in
            let now = ContinuousClock.now
            let due = state.entries.filter { $0.value.due <= now }
            for id in due.keys { state.entries[id] = nil }
            if state.sweep == sweep { state.sweep = nil }
            let earliest = state.entries.values.lazy.map(\.due).min()
            return (due.values.sorted { $0.due < $1.due }, earliest.flatMap { Self.plan(&state, due: $0) })
        }
        wake(at: next)
        for entry in due { entry.action() }
    }
}
