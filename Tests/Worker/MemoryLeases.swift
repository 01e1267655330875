import TaskStore
import TestSupport

@testable import Worker

/// The record of leases in memory: it says what it was asked for, and answers as it is told.
final class MemoryLeases: LeaseRecord {
    /// Answers the `n`-th heartbeat, from 1.
    typealias Answer = @Sendable (_ n: Int, _ leases: [RunLease]) async throws -> [RunLease: HeartbeatReply]

    let asked = Recorder<Set<RunLease>>()
    private let answer: Answer

    init(_ answer: @escaping Answer = { _, leases in extended(leases) }) { self.answer = answer }

    func heartbeat(_ leases: [RunLease], lease: Duration) async throws -> [RunLease: HeartbeatReply] {
        asked.record(Set(leases))
        return try await answer(asked.count, leases)
    }

    /// All of them were extended, and nothing is asked of their holders.
    static func extended(_ leases: [RunLease]) -> [RunLease: HeartbeatReply] {
        Dictionary(leases.map { ($0, HeartbeatReply()) }) { $1 }
    }
}

/// Writes down what it learns.
final class MemoryHolder: LeaseHolder {
    let replies = Recorder<HeartbeatReply?>()

    func learnt(_ reply: HeartbeatReply?, askedAt moment: ContinuousClock.Instant) { replies.record(reply) }
}
