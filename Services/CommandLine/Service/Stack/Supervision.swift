import Foundations

#if canImport(Glibc)
import Glibc
#endif

/// What follows when a service has ended. Pure.
struct Supervision: Sendable {
    enum Decision: Hashable, Sendable {
        case startAgain(after: Duration)
        /// It was to end, or starting it again mends nothing.
        case leave
    }

    /// `EX_TEMPFAIL`: it was told to be started again.
    static let restartStatus: Int32 = 75
    /// `EX_CONFIG`: its settings are wrong, and would be again.
    private static let settingsStatus: Int32 = 78
    /// Drained, or ended by a signal that asks for it.
    private static let requested: Set<Int32> = [0, 128 + SIGTERM, 128 + SIGINT]
    private static let backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
    /// Who has run for so long does not fail at its start.
    private static let steady: Duration = .seconds(60)

    /// How often it ended soon after its start, one time after the other.
    private var failures = 0

    /// - Parameter status: What it exited with, or 128 + the number of the signal that ended it.
    mutating func decide(_ status: Int32, after time: Duration) -> Decision {
        if Self.requested.contains(status) || status == Self.settingsStatus { return .leave }
        guard status != Self.restartStatus else {
            failures = 0
            return .startAgain(after: .zero)
        }
        failures = time >= Self.steady ? 1 : failures + 1
        return .startAgain(after: Self.backoff.bound(attempt: failures - 1))
    }
}
