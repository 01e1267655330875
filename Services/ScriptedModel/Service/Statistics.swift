import Foundations
import Synchronization

/// What the server has seen since it started.
package struct StatisticsSnapshot: Sendable, Equatable {
    /// Requests for a completion, good or bad.
    package var requests = 0
    /// Different requests: one that is sent again counts once.
    package var distinctRequests = 0
    /// Requests whose tool calls were not answered exactly once.
    package var violations = 0
    /// Faults that were played.
    package var faults = 0
    /// Answers by role.
    package var roles: [String: Int] = [:]

    var json: JSONValue {
        [
            "requests": .int(requests), "distinct_requests": .int(distinctRequests), "violations": .int(violations),
            "faults": .int(faults), "roles": .object(roles.mapValues { .int($0) }),
        ]
    }
}

/// Counts what happens, and how often each request came.
final class Statistics: Sendable {
    private struct State {
        var snapshot = StatisticsSnapshot()
        var attempts: [UInt64: Int] = [:]
    }

    private let state = Mutex(State())

    var snapshot: StatisticsSnapshot { state.withLock { $0.snapshot } }

    /// Counts a request and returns how often it had come before.
    func countRequest(_ hash: UInt64) -> Int {
        state.withLock { state in
            let attempt = state.attempts[hash, default: 0]
            state.attempts[hash] = attempt + 1
            state.snapshot.requests += 1
            state.snapshot.distinctRequests = state.attempts.count
            return attempt
        }
    }

    func countViolation() { state.withLock { $0.snapshot.violations += 1 } }

    func countFault() { state.withLock { $0.snapshot.faults += 1 } }

    func countAnswer(of role: String) { state.withLock { $0.snapshot.roles[role, default: 0] += 1 } }
}
