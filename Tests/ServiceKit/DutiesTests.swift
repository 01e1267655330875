import Contracts
import Database
import Foundation
import Foundations
import JetStream
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit

/// Two processes, and what one of them does for both.
@Suite(.timeLimit(.minutes(2))) struct DutiesTests {
    private static let duty = Duty("sweeping")
    private static let onTheBus = Duty("listening", needsBus: true)

    private func withTwo(_ body: (ServiceContext, ServiceContext) async throws -> Void) async throws {
        let one = try await ServiceContext.fixture(["LEASE_SECONDS": "1"])
        let result: Result<Void, any Error>
        do { result = .success(try await body(one, one.sibling())) } catch { result = .failure(error) }
        try await one.pool.close()
        try result.get()
    }

    @Test func `a duty is its holder's until the lease ends`() async throws {
        try await withTwo { one, other in
            let (first, second) = (Duties(one, [Self.duty]), Duties(other, [Self.duty]))
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
    }

    @Test func `one works, and when it dies the other goes on within the lease`() async throws {
        try await withTwo { one, other in
            let done = Recorder<UUID>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let first = Task { try await work(one, done) }
                let dead = try await done.first { _ in true }
                group.addTask { try await work(other, done) }
                try await done.wait(for: 20)
                #expect(Set(done.elements) == [dead])
                // No time is left to give anything back.
                first.cancel()
                let death = ContinuousClock.now
                _ = await first.result
                try await done.first("the other works") { $0 != dead }
                #expect(ContinuousClock.now - death < .seconds(5))
                let seen = done.elements
                #expect(seen.suffix(from: try #require(seen.firstIndex(of: other.owner))).allSatisfy { $0 != dead })
                group.cancelAll()
            }
        }
    }

    /// A process with one duty.
    private func work(_ service: ServiceContext, _ done: Recorder<UUID>) async throws {
        let duties = Duties(service, [Self.duty])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await duties.run() }
            group.addTask {
                await duties.perform(Self.duty, every: .milliseconds(5)) { done.record(service.owner) }
            }
            try await group.waitForAll()
        }
    }

    @Test func `who cannot reach the bus leaves its duties to who can, and keeps the others`() async throws {
        try await withTwo { one, other in
            let both = [Self.duty, Self.onTheBus]
            let away = JetStreamBus(
                JetStreamConfiguration(url: Secret("nats://127.0.0.1:1"), name: "away", logger: one.logger))
            let (first, second) = (Duties(one.sibling(bus: away), both), Duties(other, both))
            try await first.claim()
            try await second.claim()
            #expect(first.holds(Self.duty) && !first.holds(Self.onTheBus))
            #expect(second.holds(Self.onTheBus) && !second.holds(Self.duty))
        }
    }

    @Test func `a process that ends in good order gives its duties back`() async throws {
        try await withTwo { one, other in
            let duties = Duties(one, [Self.duty])
            try await duties.claim()
            try await one.store.giveBackDuties(of: one.owner)
            let second = Duties(other, [Self.duty])
            try await second.claim()
            #expect(second.holds(Self.duty))
        }
    }
}
