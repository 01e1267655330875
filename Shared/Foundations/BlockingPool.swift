import DequeModule
import Dispatch
import Synchronization

/// Runs blocking calls side by side, at most `width` at a time, in the order they came.
///
/// A call with a place costs one change of threads there and one back; one that had to wait for a place runs on the
/// thread of the call that left it.
package final class BlockingPool: Sendable {
    private typealias Call = @Sendable () -> Void

    private struct State: Sendable {
        /// How many more calls may run. None while calls wait.
        var free: Int
        var waiting: Deque<Call> = []
    }

    private let queue: DispatchQueue
    private let state: Mutex<State>

    package init(label: String, width: Int) {
        queue = DispatchQueue(label: label, attributes: .concurrent)
        state = Mutex(State(free: max(1, width)))
    }

    /// Runs `body` on a thread that may block.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result(catching: body)) }
        }
    }

    private func start(_ call: @escaping Call) {
        let hasPlace = state.withLock { state in
            guard state.free > 0 else {
                state.waiting.append(call)
                return false
            }
            state.free -= 1
            return true
        }
        if hasPlace { queue.async { self.work(on: call) } }
    }

    /// Runs a call and those that wait meanwhile, then gives its place back.
    private func work(on first: Call) {
        first()
        while let next = next() { next() }
    }

    private func next() -> Call? {
        state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
    }
}
