import Foundations
import Synchronization

/// Counts free places: a loop waits for one before it takes more work.
package final class Slots: Sendable {
    private let free: Mutex<Int>
    private let bell = Doorbell()

    package init(_ count: Int) { free = Mutex(count) }

    /// Takes a place, waiting until one is free. One caller at a time.
    package func take() async throws {
        while !takeIfFree() { try await bell.wait() }
    }

    /// Takes a place if one is free. Returns whether it did.
    package func takeIfFree() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    /// Gives a place back.
    package func giveBack() {
        free.withLock { $0 += 1 }
        bell.ring()
    }
}
