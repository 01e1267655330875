import Foundation
import Logging
import TaskStore
import TestSupport
import Testing

@testable import Worker

/// The heartbeats of a process, over a record in memory.
@Suite(.timeLimit(.minutes(1))) struct HeartbeatsTests {
    private struct Refused: Error {}

    /// Of leases that last for a quarter of an hour none is due while a test runs, unless it is due from the start.
    private static let long = Duration.seconds(900)
    private static let short = Duration.milliseconds(90)

    private let owner = UUID()
    private let workflow = UUID()
    private let holder = MemoryHolder()

    private func lease(_ run: Int) -> RunLease { RunLease(run: run, owner: owner, epoch: 1) }

    private func heartbeats(_ record: MemoryLeases, _ duration: Duration = long) -> Heartbeats {
        Heartbeats(record, lease: duration, Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Adds a lease that is due at once.
    private func add(
        _ run: Int, to heartbeats: Heartbeats, of workflow: UUID? = nil, _ holder: MemoryHolder? = nil
    ) {
        let (workflow, holder) = (workflow ?? self.workflow, holder ?? self.holder)
        heartbeats.add(lease(run), of: workflow, since: .now - Self.long / 3, holder)
    }

    /// Lets them beat while `body` looks on.
    private func beating(_ heartbeats: Heartbeats, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await heartbeats.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    @Test func `one statement extends the leases of all runs, and each is told`() async throws {
        let record = MemoryLeases()
        let heartbeats = heartbeats(record)
        for run in 0..<100 { add(run, to: heartbeats) }
        try await beating(heartbeats) { [holder] in try await holder.replies.wait(for: 100) }
        #expect(record.asked.elements == [Set((0..<100).map(lease))])
        #expect(holder.replies.elements.allSatisfy { $0 == HeartbeatReply() })
    }

    @Test func `of many the one that is lost is told so, and asked for no more`() async throws {
        let lost = lease(3)
        let record = MemoryLeases { _, leases in MemoryLeases.extended(leases.filter { $0 != lost }) }
        let (heartbeats, other) = (heartbeats(record), MemoryHolder())
        for run in 0..<5 { add(run, to: heartbeats, run == 3 ? other : holder) }
        try await beating(heartbeats) { [holder, workflow] in
            try await holder.replies.wait(for: 4)
            try await other.replies.wait(for: 1)
            heartbeats.beatNow(workflow)
            try await record.asked.wait(for: 2)
        }
        #expect(other.replies.elements == [nil])
        #expect(record.asked.elements[1] == Set([0, 1, 2, 4].map(lease)))
    }

    @Test func `a heartbeat that fails is repeated before the lease ends, and tells nobody anything`() async throws {
        let record = MemoryLeases { n, leases in
            guard n > 2 else { throw Refused() }
            return MemoryLeases.extended(leases)
        }
        let heartbeats = heartbeats(record, Self.short)
        add(0, to: heartbeats)
        try await beating(heartbeats) { [holder] in try await holder.replies.wait(for: 1) }
        #expect(record.asked.count >= 3)
        #expect(holder.replies.elements.allSatisfy { $0 == HeartbeatReply() })
    }

    @Test func `what another transaction held is asked for again`() async throws {
        let record = MemoryLeases { n, leases in
            MemoryLeases.extended(leases).mapValues { reply in
                var reply = reply
                reply.isExtended = n > 1
                return reply
            }
        }
        let heartbeats = heartbeats(record, Self.short)
        add(0, to: heartbeats)
        try await beating(heartbeats) { [holder] in try await holder.replies.wait(for: 2) }
        #expect(holder.replies.elements.prefix(2).map { $0?.isExtended } == [false, true])
    }

    @Test func `a run that has ended is not asked for`() async throws {
        let record = MemoryLeases()
        let heartbeats = heartbeats(record)
        for run in 0..<2 { add(run, to: heartbeats) }
        heartbeats.remove(lease(0))
        try await beating(heartbeats) { try await record.asked.wait(for: 1) }
        #expect(record.asked.elements == [[lease(1)]])
    }

    @Test func `a heartbeat that is under way when a run ends says nothing about it`() async throws {
        let mayAnswer = Gate()
        let record = MemoryLeases { _, _ in
            try await mayAnswer.wait()
            return [:]
        }
        let (heartbeats, ended) = (heartbeats(record), MemoryHolder())
        add(0, to: heartbeats, ended)
        add(1, to: heartbeats)
        try await beating(heartbeats) { [holder, owner] in
            try await record.asked.wait(for: 1)
            heartbeats.remove(RunLease(run: 0, owner: owner, epoch: 1))
            mayAnswer.open()
            try await holder.replies.wait(for: 1)
        }
        #expect(holder.replies.elements == [nil])
        #expect(ended.replies.elements.isEmpty)
    }

    @Test func `a statement that hangs holds up no other`() async throws {
        let never = Gate()
        let record = MemoryLeases { n, leases in
            if n == 1 { try await never.wait(within: nil) }
            return MemoryLeases.extended(leases)
        }
        let heartbeats = heartbeats(record, Self.short)
        add(0, to: heartbeats)
        try await beating(heartbeats) { [holder] in try await holder.replies.wait(for: 1) }
        #expect(record.asked.count > 1)
    }

    @Test func `a run that begins between two heartbeats has one of its own in time`() async throws {
        let record = MemoryLeases()
        let heartbeats = heartbeats(record)
        heartbeats.add(lease(0), of: workflow, since: .now, holder)
        try await beating(heartbeats) { [self] in
            add(1, to: heartbeats)
            try await record.asked.wait(for: 1)
        }
        #expect(record.asked.elements == [[lease(1)]])
    }

    @Test func `who is told to look asks at once, for that workflow alone`() async throws {
        let record = MemoryLeases()
        let (heartbeats, other) = (heartbeats(record), UUID())
        heartbeats.add(lease(0), of: workflow, since: .now, holder)
        heartbeats.add(lease(1), of: other, since: .now, holder)
        try await beating(heartbeats) {
            heartbeats.beatNow(UUID())
            heartbeats.beatNow(other)
            try await record.asked.wait(for: 1)
        }
        #expect(record.asked.elements == [[lease(1)]])
    }

    @Test func `a run holds its lease since it was asked for, and stops for the reason it is told`() async throws {
        let start = ContinuousClock.now
        let control = RunControl(maxCostUSD: 1, heldSince: start)
        var reply = HeartbeatReply()
        reply.maxCostUSD = 2
        control.learnt(reply, askedAt: start + .seconds(5))
        #expect(control.lastHeld == start + .seconds(5) && control.maxCostUSD == 2 && !control.hasSteering)
        // Overtaken.
        reply.maxCostUSD = 1
        reply.hasSteering = true
        control.learnt(reply, askedAt: start + .seconds(4))
        #expect(control.lastHeld == start + .seconds(5) && control.maxCostUSD == 2 && !control.hasSteering)
        reply.isExtended = false
        reply.pauseRequested = true
        reply.deadlinePassed = true
        control.learnt(reply, askedAt: start + .seconds(6))
        #expect(control.lastHeld == start + .seconds(5) && control.maxCostUSD == 1 && control.hasSteering)
        control.learnt(nil, askedAt: start + .seconds(7))
        #expect(try await control.toldToStop() == .paused)
    }
}
