import Contracts
import Foundations
import Testing

@testable import TaskStore

struct RetryPolicyTests {
    private let policy = RetryPolicy(maxRetries: 2, backoff: Backoff(base: .seconds(1), cap: .seconds(3)))

    @Test func `a failure that can pass is retried, at most so often`() {
        for attempt in 1...2 {
            guard case .retry(let delay) = policy.decision(attempt: attempt, isRetriable: true) else {
                Issue.record("attempt \(attempt) ends")
                continue
            }
            #expect(delay >= .zero && delay <= .seconds(3))
        }
        #expect(policy.decision(attempt: 3, isRetriable: true) == .end(.internalError))
    }

    @Test func `a failure that stays ends the workflow at once`() {
        #expect(
            policy.decision(attempt: 1, isRetriable: false, otherwise: .repositoryUnavailable)
                == .end(.repositoryUnavailable))
    }

    @Test func `the delay is at least what was asked for`() {
        guard case .retry(let delay) = policy.decision(attempt: 1, isRetriable: true, retryAfter: .seconds(30)) else {
            Issue.record("ends")
            return
        }
        #expect(delay == .seconds(30))
    }

    @Test func `who is only busy is waited for as long as the task lasts, about a minute where no time is given`() {
        for attempt in [1, 3, 100] {
            guard case .wait(let delay) = policy.decision(attempt: attempt, isRetriable: true, isBusy: true) else {
                Issue.record("ends")
                return
            }
            #expect((Duration.seconds(45)...Duration.seconds(75)).contains(delay))
        }
        let asked: [(Duration, ClosedRange<Duration>)] = [
            (.seconds(300), .seconds(300)...(.seconds(301))), (.zero, .seconds(1)...(.seconds(2))),
            (.seconds(99_999), .seconds(3600)...(.seconds(3601))),
        ]
        for (wish, range) in asked {
            guard
                case .wait(let delay) = policy.decision(
                    attempt: 1, isRetriable: true, retryAfter: wish, isBusy: true)
            else {
                Issue.record("ends")
                return
            }
            #expect(range.contains(delay))
        }
    }

    @Test func `a run that was claimed too often is not run again`() {
        #expect(!policy.isExhausted(attempt: 3))
        #expect(policy.isExhausted(attempt: 4))
        #expect(RetryPolicy(maxRetries: -1).decision(attempt: 1, isRetriable: true) == .end(.internalError))
    }
}
