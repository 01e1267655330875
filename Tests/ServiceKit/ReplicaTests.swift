import Contracts
import Foundation
import Foundations
import Logging
import Messaging
import ServiceLifecycle
import Synchronization
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit

/// How a process follows what it is told.
@Suite(.timeLimit(.minutes(1))) struct ReplicaTests {
    /// Where a replica shows itself, in memory.
    private final class Board: ReplicaRecord, Sendable {
        struct State {
            var orders = ReplicaOrders(.run)
            var shown: [Replica.State] = []
            var forgotten: [UUID] = []
        }

        let state = Mutex(State())

        func show(_ replica: Replica) async throws -> ReplicaOrders {
            state.withLock { state in
                state.shown.append(replica.state)
                return state.orders
            }
        }

        func forgetReplica(_ owner: UUID) async throws { state.withLock { $0.forgotten.append(owner) } }
    }

    private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private let replica = Replica(
        owner: UUID(), service: .coder, name: "coder-2", version: "1.0", places: 4, startedAt: Date())

    @Test func `it pauses, goes on, and ends when it is drained or to be started again`() {
        var conduct = ReplicaConduct()
        #expect(conduct.follow(ReplicaOrders(.run)) == nil && conduct.isOpen)
        #expect(conduct.follow(ReplicaOrders(.pause)) == nil && conduct.state == .paused && !conduct.isOpen)
        #expect(conduct.follow(ReplicaOrders(.run)) == nil && conduct.isOpen)
        // A claim that was under way is seen the next time.
        #expect(conduct.follow(ReplicaOrders(.drain)) == nil && !conduct.isOpen)
        #expect(conduct.follow(ReplicaOrders(.drain, holdsRuns: true)) == nil)
        #expect(conduct.follow(ReplicaOrders(.drain)) == .drained)
        #expect(conduct.follow(ReplicaOrders(.run)) == nil && conduct.isOpen)
        #expect(conduct.follow(ReplicaOrders(.restart, holdsRuns: true)) == .restarting && !conduct.isOpen)
        #expect(conduct.follow(ReplicaOrders(.restart)) == nil)
    }

    @Test func `it shows what it does, opens and closes, and is forgotten at its end`() async throws {
        let (board, admission, ends) = (Board(), Admission(), Recorder<ReplicaConduct.End>())
        let beat = ReplicaBeat(board, replica, admission, every: .milliseconds(1), logger) { ends.record($0) }
        let process = ServiceGroup(services: [beat], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await process.run() }
            board.state.withLock { $0.orders = ReplicaOrders(.pause) }
            try await eventually("it is paused") { !admission.isOpen }
            board.state.withLock { $0.orders = ReplicaOrders(.run) }
            try await admission.opened()
            board.state.withLock { $0.orders = ReplicaOrders(.drain) }
            #expect(try await ends.wait(for: 1).first == .drained)
            await process.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        let state = board.state.withLock { $0 }
        #expect(state.forgotten == [replica.owner])
        #expect(Set(state.shown).isSuperset(of: [.running, .paused, .draining]))
    }

    @Test func `a name is made of service, host and process, as an id`() {
        #expect(
            ReplicaName.made(of: "coder", host: "build3.example.org", process: 4711) == "coder-build3-example-org-4711")
        let long = ReplicaName.made(of: "webhook-bridge", host: String(repeating: "é", count: 100), process: 7)
        #expect(TaskID.accepts(long) && long.hasSuffix("-7") && long.count == 64)
        #expect(TaskID.accepts(ReplicaName.made(of: .planner)))
    }

    @Test func `who takes on nothing new leaves its duties to others at once`() async throws {
        let (record, admission, duty) = (MemoryDuties(), Admission(), Duty("sweeping"))
        let (one, other) = (UUID(), UUID())
        let duties = Duties(
            record, InMemoryBus(), owner: one, lease: .seconds(30), admission: admission, MetricsRegistry(), logger,
            [duty])
        try await duties.claim()
        #expect(duties.holds(duty))
        admission.set(isOpen: false)
        try await duties.claim()
        #expect(!duties.holds(duty))
        #expect(try await record.claimDuties([duty.name], owner: other, lease: .seconds(30)) == [duty.name])
    }
}
