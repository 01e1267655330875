import Contracts
import Foundations

/// What follows when a stage run fails.
package struct RetryPolicy: Sendable, Equatable {
    /// What to do with the run.
    package enum Decision: Sendable, Equatable {
        /// Give the run back, to be claimed again after a delay.
        case retry(after: Duration)
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
    ///   - status: How the workflow ends when no retry is left or none makes sense.
    package func decision(
        attempt: Int, isRetriable: Bool, retryAfter: Duration? = nil, otherwise status: TerminalStatus = .internalError
    ) -> Decision {
        guard isRetriable, attempt <= maxRetries else { return .end(status) }
        return .retry(after: max(backoff.delay(attempt: max(0, attempt - 1)), retryAfter ?? .zero))
    }

    /// Whether a run that was just claimed has been tried too often, for example because it kills its process.
    package func isExhausted(attempt: Int) -> Bool { attempt > maxRetries + 1 }
}
