import Foundations

/// Asks again when a call fails in a way that may pass: the one layer of retries.
package struct RetryingModel: ChatModel {
    /// When and how often to ask again.
    package struct Policy: Sendable {
        /// The most calls, the first one included.
        package var attempts: Int
        /// The waits between them, unless the provider asks for a longer one.
        package var backoff: Backoff
        /// The longest wait that is worth a place: when a provider asks for more the call fails, and whoever made it
        /// comes back later.
        package var maxRetryAfter: Duration
        /// No call starts later than this after the first one; a call that runs has a time limit of its own.
        package var deadline: Duration

        package init(
            attempts: Int = 5, backoff: Backoff = Backoff(base: .seconds(1), cap: .seconds(60)),
            maxRetryAfter: Duration = .seconds(30), deadline: Duration = .seconds(900)
        ) {
            self.attempts = attempts
            self.backoff = backoff
            self.maxRetryAfter = maxRetryAfter
            self.deadline = deadline
        }
    }

    private let base: any ChatModel
    private let policy: Policy
    private let clock: any Clock<Duration>

    package init(_ base: any ChatModel, policy: Policy = Policy(), clock: any Clock<Duration> = ContinuousClock()) {
        self.base = base
        self.policy = policy
        self.clock = clock
    }

    package func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        try await complete(request, on: clock)
    }

    private func complete(_ request: ChatRequest, on clock: some Clock<Duration>) async throws(ModelError) -> ChatReply
    {
        let end = clock.now.advanced(by: policy.deadline)
        var attempt = 0
        while true {
            if Task.isCancelled { throw .cancelled }
            do throws(ModelError) {
                return try await base.complete(request)
            } catch {
                let wait = wait(after: attempt, error)
                attempt += 1
                guard error.isRetriable, attempt < policy.attempts, clock.now.advanced(by: wait) < end,
                    error.retryAfter ?? .zero <= policy.maxRetryAfter
                else { throw error }
                do { try await clock.sleep(for: wait) } catch { throw .cancelled }
            }
        }
    }

    private func wait(after attempt: Int, _ error: ModelError) -> Duration {
        max(policy.backoff.delay(attempt: attempt), error.retryAfter ?? .zero)
    }
}
