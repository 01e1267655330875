import Synchronization
import TestSupport

/// Chooses the n-th of something that happens from now on.
final class Countdown: Sendable {
    private let remaining = Mutex<Int?>(nil)
    /// One for each time that the chosen one happened.
    let hits = Recorder<Int>()

    /// Chooses the n-th from now on, from 1.
    func choose(_ number: Int) { remaining.withLock { $0 = number } }

    /// Counts one. Returns whether it is the chosen one.
    func isChosen() -> Bool {
        let isChosen = remaining.withLock { remaining -> Bool in
            guard let left = remaining else { return false }
            remaining = left > 1 ? left - 1 : nil
            return left == 1
        }
        if isChosen { hits.record(hits.count + 1) }
        return isChosen
    }
}
