import Foundation
import Foundations
import JetStream
import Logging
import Messaging
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServiceKit

/// Two processes, and what one of them does for both. Their record is in memory; that of the tests of the store is not.
@Suite(.timeLimit(.minutes(1))) struct DutiesTests {
    private static let duty = Duty("sweeping")
    private static let onTheBus = Duty("listening", needsBus: true)

    private let record = MemoryDuties()
    private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private let one = UUID()
    private let other = UUID()

    /// What a process does for others, with leases of less than half a second.
    private func duties(
        of owner: UUID, _ duties: [Duty] = [duty], bus: any MessageBus = InMemoryBus()
    ) -> Duties {
        Duties(record, bus, owner: owner, lease: .milliseconds(400), MetricsRegistry(), logger, duties)
    }

    @Test func `a duty is its holder's until the lease ends`() async throws {
        let (first, second) = (duties(of: one), duties(of: other))
        #expect(!first.holds(Self.duty))
        try await first.claim()
        try await second.claim()
        #expect(first.holds(Self.duty) && !second.holds(Self.duty))
        // It freezes, and knows without asking that its lease has ended.
        try await eventually("the lease has ended") {
            try await second.claim()
            return second.holds(Self.duty)
        }
        #expect(!first.holds(Self.duty))
        try await first.claim()
        #expect(!first.holds(Self.duty) && second.holds(Self.duty))
    }

    @Test func `one works, and when it dies the other goes on within the lease`() async throws {
        let done = Recorder<UUID>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let first = Task { try await work(one, done) }
            try await done.wait(for: 1)
            group.addTask { try await work(other, done) }
            try await done.wait(for: 20)
            #expect(Set(done.elements) == [one])
            // No time is left to give anything back.
            first.cancel()
            _ = await first.result
            try await done.first("the other works") { [other] in $0 == other }
            let seen = done.elements
            #expect(seen.suffix(from: try #require(seen.firstIndex(of: other))).allSatisfy { $0 == other })
            group.cancelAll()
        }
    }

    /// A process with one duty.
    private func work(_ owner: UUID, _ done: Recorder<UUID>) async throws {
        let duties = duties(of: owner)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await duties.run() }
            group.addTask { await duties.perform(Self.duty, every: .milliseconds(1)) { done.record(owner) } }
            try await group.waitForAll()
        }
    }

    @Test func `who cannot reach the bus leaves its duties to who can, and keeps the others`() async throws {
        let away = JetStreamBus(
            JetStreamConfiguration(url: Secret("nats://127.0.0.1:1"), name: "away", logger: logger))
        let both = [Self.duty, Self.onTheBus]
        let (first, second) = (duties(of: one, both, bus: away), duties(of: other, both))
        try await first.claim()
        try await second.claim()
        #expect(first.holds(Self.duty) && !first.holds(Self.onTheBus))
        #expect(second.holds(Self.onTheBus) && !second.holds(Self.duty))
    }

    @Test func `a process that ends in good order gives its duties back`() async throws {
        let first = duties(of: one)
        let process = ServiceGroup(services: [first], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await process.run() }
            try await eventually("it has the duty") { first.holds(Self.duty) }
            await process.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        #expect(!first.holds(Self.duty))
        let second = duties(of: other)
        try await second.claim()
        #expect(second.holds(Self.duty))
    }
}
