/// Exponential backoff with full jitter: a random delay between zero and `base * factor^attempt`, at most `cap`.
///
/// Full jitter spreads the retries of many replicas best ("Exponential Backoff And Jitter", AWS Architecture Blog).
package struct Backoff: Sendable, Equatable {
    /// The upper bound of the first delay.
    package var base: Duration
    /// The upper bound of every delay.
    package var cap: Duration
    /// What each attempt multiplies the bound by, at least 1.
    package var factor: Double

    package init(base: Duration, cap: Duration, factor: Double = 2) {
        self.base = base
        self.cap = cap
        self.factor = max(1, factor)
    }

    /// The upper bound of the delay before attempt `attempt`, which counts from 0.
    package func bound(attempt: Int) -> Duration {
        let capSeconds = cap.seconds
        var bound = base.seconds
        for _ in 0..<max(0, min(attempt, 64)) where bound < capSeconds { bound *= factor }
        return .seconds(min(bound, capSeconds))
    }

    /// A random delay before attempt `attempt`, which counts from 0.
    package func delay(attempt: Int) -> Duration {
        .seconds(bound(attempt: attempt).seconds * Double.random(in: 0...1))
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// The duration in whole milliseconds.
    package var milliseconds: Int { Int((seconds * 1000).rounded()) }
}

/// An error that knows whether the same call may succeed later.
package protocol Retriable: Error {
    var isRetriable: Bool { get }
}
