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

    /// Takes every free place, waiting until there is one. Returns how many. One caller at a time.
    package func takeAll() async throws -> Int {
        try await take()
        return free.withLock { free in
            defer { free = 0 }
            return free + 1
        }
    }

    /// Gives places back.
    package func giveBack(_ count: Int = 1) {
        guard count > 0 else { return }
        free.withLock { $0 += count }
        bell.ring()
    }
}
