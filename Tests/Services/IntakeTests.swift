import Contracts
import Foundation
import FrontDesk
import Messaging
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import PlannerService

/// The intake between a bus and a desk in memory.
@Suite(.timeLimit(.minutes(1))) struct IntakeTests {
    /// A desk with its record: it notes each submission that it takes.
    private final class MemoryDesk: SubmissionTaker, IntakeRecord, Sendable {
        let taken = Recorder<ClientMessage>()
        let displaced = Recorder<UInt64>()
        private let known = Mutex<Set<TaskAddress>>([])
        /// What happens in between.
        private let hook: @Sendable () async throws -> Void

        init(_ hook: @escaping @Sendable () async throws -> Void = {}) { self.hook = hook }

        func remember(_ task: String) { known.withLock { _ = $0.insert(.sample(task)) } }

        func take(_ message: ClientMessage, delivery: String) async throws {
            taken.record(message)
            try await hook()
            known.withLock { if let address = message.address { $0.insert(address) } }
        }

        func knows(_ address: TaskAddress) async throws -> Bool { known.withLock { $0.contains(address) } }
        func displace(sequence: UInt64) async throws { displaced.record(sequence) }
    }

    private struct Unreachable: Error {}

    private let broker: MemoryBroker

    init() async throws { broker = try await MemoryBroker() }

    /// Has an intake work as long as `body` takes.
    private func working(_ desk: MemoryDesk, _ body: () async throws -> Void) async throws {
        let messages = PermitSource(
            broker.bus, broker.settings, consumer: StreamNames.intake, declares: true, .silent)
        let intake = Intake(desk, desk, broker.bus, broker.subjects, messages, .none, .silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await intake.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Waits until all up to `sequence` is acknowledged.
    private func acknowledged(_ sequence: UInt64) async throws {
        try await eventually("the message is acknowledged") { [bus = broker.bus] in
            let state = try await bus.consumerState(stream: StreamNames.events, durable: StreamNames.intake)
            return state?.acknowledged == sequence
        }
    }

    private func message(at sequence: UInt64) async throws -> BusMessage? {
        try await broker.bus.message(stream: StreamNames.events, sequence: sequence)
    }

    @Test func `a submission is recorded, then erased, then acknowledged`() async throws {
        let desk = MemoryDesk()
        let place = try await broker.submit("fix-login", "secret")
        try await working(desk) { try await acknowledged(place) }
        #expect(desk.taken.elements.map { String(decoding: $0.body, as: UTF8.self) } == ["secret"])
        #expect(desk.displaced.elements == [place])
        #expect(try await message(at: place) == nil)
    }

    @Test func `what cannot be recorded yet stays where it is, unacknowledged`() async throws {
        let desk = MemoryDesk { throw Unreachable() }
        let place = try await broker.submit("fix-login")
        try await working(desk) { try await desk.taken.wait(for: 1) }
        #expect(try await message(at: place) != nil)
        let state = try await broker.bus.consumerState(stream: StreamNames.events, durable: StreamNames.intake)
        #expect(state?.acknowledged == 0)
    }

    @Test func `what is left of an erased submission that comes again is recorded no second time`() async throws {
        let desk = MemoryDesk()
        desk.remember("fix-login")
        let place = try await broker.submit("fix-login", "")
        try await working(desk) { try await acknowledged(place) }
        #expect(desk.taken.elements.isEmpty)
    }

    @Test func `an empty submission of a task that nobody knows is the desk's to refuse`() async throws {
        let desk = MemoryDesk()
        let place = try await broker.submit("fix-login", "")
        try await working(desk) { try await acknowledged(place) }
        #expect(desk.taken.count == 1)
    }

    @Test func `a message that somebody else has erased meanwhile is acknowledged`() async throws {
        let place = try await broker.submit("fix-login")
        let subject = broker.subjects.subject(.sample(), .taskSubmitted)
        let desk = MemoryDesk { [bus = broker.bus] in
            try await bus.erase(stream: StreamNames.events, sequence: place, subject: subject)
        }
        try await working(desk) { try await acknowledged(place) }
        #expect(desk.taken.count == 1)
    }

    @Test func `a message that names no task goes to the desk too, and is erased`() async throws {
        let desk = MemoryDesk()
        let place = try await broker.submit(String(repeating: "x", count: 65))
        try await working(desk) { try await acknowledged(place) }
        #expect(desk.taken.elements.map(\.address) == [nil])
        #expect(try await message(at: place) == nil)
    }
}
