import Contracts
import Foundation
import Messaging
import Synchronization
import Testing

@testable import NotifierService

@Suite(.timeLimit(.minutes(1))) struct SubmissionAuditTests {
    private let record = MemoryOutbox()
    private let broker: MemoryBroker

    init() async throws {
        broker = try await MemoryBroker()
        record.state.withLock { $0.checked = 0 }
    }

    /// Looks at the stream, by default when no submission is on its way any more.
    private func audit(in wait: TimeInterval = 60) async throws -> UInt64? {
        try await SubmissionAudit(record, broker.bus, broker.settings, .silent) { Date() + wait }.run()
        return try await record.submissionsChecked(in: StreamNames.events)
    }

    private func take(_ task: String) { record.state.withLock { _ = $0.known.insert(.sample(task)) } }

    @Test func `what was taken is looked at once`() async throws {
        for task in ["one", "two"] {
            try await broker.submit(task)
            take(task)
        }
        #expect(try await audit() == 2)
        #expect(try await audit() == 2)
    }

    @Test func `what the intake has yet to take, and what is young, is waited for`() async throws {
        try await broker.submit("taken")
        try await broker.submit("waiting")
        take("taken")
        try await broker.consume(1, of: StreamNames.intake)
        #expect(try await audit() == 1)
        try await broker.consume(1, of: StreamNames.intake)
        // It was acknowledged just now, and may yet be recorded by who has it.
        #expect(try await audit(in: 0) == 1)
    }

    @Test func `the intake begins again at a submission that was passed over`() async throws {
        for task in ["one", "two", "three"] { try await broker.submit(task) }
        try await broker.consume(3, of: StreamNames.intake)
        for task in ["one", "three"] { take(task) }
        #expect(try await audit() == 1)
        #expect(try await broker.consume(2, of: StreamNames.intake) == [2, 3])
        take("two")
        #expect(try await audit() == 3)
    }

    @Test func `a message that names no task holds nothing up`() async throws {
        try await broker.submit(String(repeating: "x", count: 65))
        #expect(try await audit() == 1)
    }

    @Test func `nothing is done before anything is known of the stream`() async throws {
        record.state.withLock { $0.checked = nil }
        try await broker.submit("one")
        try await broker.consume(1, of: StreamNames.intake)
        #expect(try await audit() == nil)
        let intake = try await broker.bus.consumerState(stream: StreamNames.events, durable: StreamNames.intake)
        #expect(intake?.acknowledged == 1)
    }
}
