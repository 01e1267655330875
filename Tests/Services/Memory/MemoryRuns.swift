import Foundation
import Foundations
import Synchronization
import TestSupport

@testable import NotifierService
@testable import TaskStore

extension OutboxMessage {
    /// A message on a subject, written now.
    static func sample(_ subject: String) -> OutboxMessage {
        OutboxMessage(
            id: 1, eventID: .v7(), workflowID: nil, seq: nil, subject: subject, headers: [:], payload: Data(),
            createdAt: Date())
    }
}

/// Keeps what it is handed.
struct MemoryOutlet: Outlet {
    private let all = Recorder<OutboxMessage>()

    /// The subjects of what was published, in order.
    var subjects: [String] { all.elements.map(\.subject) }

    func publish(_ messages: [OutboxMessage]) { for message in messages { all.record(message) } }
}

/// The runs of tasks in memory, by name. What is to be published of one is a message with its name.
final class MemoryRuns: RepairedRuns, Sendable {
    struct Run {
        /// What waits for others was told that they have ended.
        enum State: Equatable { case told, waiting, ready, leased, ended }
        var state: State
        /// The end of the lease or of the wait, or when the run was announced.
        var time: Date
        var deadline = Date.distantFuture
    }

    private let runs: Mutex<[String: Run]>

    init(_ runs: [String: Run]) { self.runs = Mutex(runs) }

    subscript(_ name: String) -> Run? { runs.withLock { $0[name] } }

    private func change(_ body: (inout Run) -> Bool) -> [OutboxMessage] {
        runs.withLock { runs in
            var changed: [OutboxMessage] = []
            for (name, var run) in runs.sorted(by: { $0.key < $1.key }) where body(&run) {
                runs[name] = run
                changed.append(.sample(name))
            }
            return changed
        }
    }

    func returnExpiredLeases(limit: Int) async throws -> [OutboxMessage] {
        change { run in
            guard run.state == .leased, run.time < Date() else { return false }
            (run.state, run.time) = (.ready, Date())
            return true
        }
    }

    func settleTold(limit: Int) async throws -> [OutboxMessage] {
        change { run in
            guard run.state == .told else { return false }
            (run.state, run.time) = (.ready, Date())
            return true
        }
    }

    func wakeWaiting(limit: Int) async throws -> [OutboxMessage] {
        change { run in
            guard run.state == .waiting, run.time <= Date() else { return false }
            (run.state, run.time) = (.ready, Date())
            return true
        }
    }

    func endOverdue(grace: Duration, limit: Int) async throws -> [OutboxMessage] {
        change { run in
            let isFree = run.state != .leased || run.time < Date() || run.deadline < Date() - grace.seconds
            guard run.state != .ended, run.deadline < Date(), isFree else { return false }
            run.state = .ended
            return true
        }
    }

    func reannounceReady(olderThan age: Duration, limit: Int) async throws -> [OutboxMessage] {
        change { run in
            guard run.state == .ready, run.time < Date() - age.seconds else { return false }
            run.time = Date()
            return true
        }
    }
}
