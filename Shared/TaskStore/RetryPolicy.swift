import Contracts
import Foundations

/// What follows when a stage run fails.
package struct RetryPolicy: Sendable, Equatable {
    /// What to do with the run.
    package enum Decision: Sendable, Equatable {
        /// Give the run back, to be claimed again after a delay.
        case retry(after: Duration)
        /// Give the run back, to be claimed again after a delay; it does not count as a try.
        case wait(Duration)
        /// End the workflow.
        case end(TerminalStatus)
    }

    /// How often a run may be tried again without having made progress, 0 or more.
    package var maxRetries: Int
    package var backoff: Backoff

    package init(maxRetries: Int = 3, backoff: Backoff = Backoff(base: .seconds(2), cap: .seconds(120))) {
        self.maxRetries = max(0, maxRetries)
        self.backoff = backoff
    }

    /// What follows a failure.
    ///
    /// - Parameters:
    ///   - attempt: How often the run was claimed since it last made progress, see ``StageRun/attempt``.
    ///   - isRetriable: Whether the failure can go away by itself.
    ///   - retryAfter: What the failing party asked for; the delay is at least as long.
    ///   - isBusy: Whether the party is well and only wants to be asked less: then the task's own time limit alone ends
    ///     the waiting.
    ///   - status: How the workflow ends when no retry is left or none makes sense.
    package func decision(
        attempt: Int, isRetriable: Bool, retryAfter: Duration? = nil, isBusy: Bool = false,
        otherwise status: TerminalStatus = .internalError
    ) -> Decision {
        if isBusy, isRetriable { return .wait(Self.pause(retryAfter)) }
        guard isRetriable, attempt <= maxRetries else { return .end(status) }
        return .retry(
            after: max(backoff.delay(attempt: max(0, attempt - 1)), min(retryAfter ?? .zero, Self.longestPause)))
    }

    /// The windows of most rate limits are a minute long.
    private static let usualPause = 45.0...75.0
    /// Whoever asks for more is asked again after this.
    private static let longestPause = Duration.seconds(3600)

    /// Random, so that those who were refused together do not come back together.
    private static func pause(_ asked: Duration?) -> Duration {
        guard let asked else { return .seconds(Double.random(in: usualPause)) }
        return min(max(asked, .seconds(1)), longestPause) + .seconds(Double.random(in: 0...1))
    }

    /// Whether a run that was just claimed has been tried too often, for example because it kills its process.
    package func isExhausted(attempt: Int) -> Bool { attempt > maxRetries + 1 }
}
