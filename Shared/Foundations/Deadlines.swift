import Dispatch
import HeapModule
import Synchronization

/// Runs actions at a time to come, unless they are cancelled first.
///
/// Made for many short-lived deadlines: setting one costs the logarithm of their number, cancelling one a dictionary
/// access that frees the action at once, and a sweep looks at none that is not due. Actions run late by ``granularity``
/// at most, on a queue of their own, and must not block.
package final class Deadlines: Sendable {
    /// Names a pending action.
    package struct Token: Hashable, Sendable {
        fileprivate let id: UInt64
    }

    private typealias Action = @Sendable () -> Void

    /// The time of an action. The earlier one comes first, of two at one time the one that was set first.
    private struct Entry: Comparable {
        let due: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool { (left.due, left.id) < (right.due, right.id) }
    }

    private struct State {
        /// Those that are pending.
        var actions: [UInt64: Action] = [:]
        /// All of them in the order of time, and some that were cancelled.
        var order = Heap<Entry>()
        var lastID: UInt64 = 0
        var sweep: ContinuousClock.Instant?

        /// Drops what was cancelled and comes first, and all of it once it is most of what is there.
        mutating func tidy() {
            while let first = order.min, actions[first.id] == nil { order.removeMin() }
            guard order.count > 2 * actions.count + Deadlines.mostCancelled else { return }
            order = Heap(order.unordered.filter { actions[$0.id] != nil })
        }

        /// Takes what is due.
        mutating func takeDue(at now: ContinuousClock.Instant) -> [Action] {
            var due: [Action] = []
            while let first = order.min, first.due <= now {
                order.removeMin()
                if let action = actions.removeValue(forKey: first.id) { due.append(action) }
            }
            return due
        }
    }

    /// Those of whoever has none of its own.
    package static let process = Deadlines(label: "deadlines")

    private static let granularity = Duration.milliseconds(5)
    private static let mostCancelled = 1_024
    private let state = Mutex(State())
    private let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    /// Runs `action` after `delay`, unless it is cancelled before.
    package func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> Token {
        let due = ContinuousClock.now + delay
        let (id, sweep) = state.withLock { state in
            state.lastID += 1
            state.actions[state.lastID] = action
            state.order.insert(Entry(due: due, id: state.lastID))
            return (state.lastID, Self.plan(&state, due: due))
        }
        wake(at: sweep)
        return Token(id: id)
    }

    /// Forgets the action. Returns whether it was still to run.
    @discardableResult
    package func cancel(_ token: Token) -> Bool {
        // The action is freed outside the lock: it may hold the last reference to something that calls in here.
        let action = state.withLock { state in
            defer { state.tidy() }
            return state.actions.removeValue(forKey: token.id)
        }
        return action != nil
    }

    /// Runs `body`, and cancels it where it takes longer than `limit`: then gives `nil`, once it has ended.
    package func run<T: Sendable>(
        atMost limit: Duration, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T? {
        let work = Task { try await body() }
        let token = schedule(after: limit) { work.cancel() }
        let result = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            work.cancel()
        }
        return cancel(token) ? try result.get() : nil
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
        let (due, next) = state.withLock { state -> ([Action], ContinuousClock.Instant?) in
            let due = state.takeDue(at: .now)
            state.tidy()
            if state.sweep == sweep { state.sweep = nil }
            return (due, state.order.min.flatMap { Self.plan(&state, due: $0.due) })
        }
        wake(at: next)
        for action in due { action() }
    }
}
