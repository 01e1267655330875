import Foundations
import Synchronization

/// Counts free places: a loop waits for one before it takes more work.
package final class Slots: Sendable {
    private struct State {
        var count: Int
        /// Fewer than none while more are held than there are.
        var free: Int
    }

    private let state: Mutex<State>
    private let bell = Doorbell()

    package init(_ count: Int) { state = Mutex(State(count: count, free: count)) }

    /// Makes them so many in all. Whoever holds one beyond that keeps it until it is given back.
    package func resize(to count: Int) {
        state.withLock { state in
            state.free += count - state.count
            state.count = count
        }
        bell.ring()
    }

    /// Takes a place, waiting until one is free. One caller at a time.
    package func take() async throws {
        while !takeIfFree() { try await bell.wait() }
    }

    /// Takes a place if one is free. Returns whether it did.
    package func takeIfFree() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    /// Gives a place back.
    package func giveBack() {
        state.withLock { $0.free += 1 }
        bell.ring()
    }
}
