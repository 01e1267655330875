import Contracts
import Foundation
import Messaging
import ServiceKit
import Synchronization
import TaskStore
import Testing

@testable import NotifierService

/// A bus and a record in memory, of which the bus loses something.
@Suite(.timeLimit(.minutes(1))) struct BrokerRepairTests {
    private let outbox = MemoryOutbox()
    private let broker: MemoryBroker
    private let repair: BrokerRepair

    init() async throws {
        broker = try await MemoryBroker()
        repair = BrokerRepair(outbox, broker.bus, broker.settings, .silent)
        let created = try #require(try await broker.bus.streamState(StreamNames.events)).created
        try await outbox.recordBroker(stream: StreamNames.events, createdAt: created)
    }

    /// Writes and publishes so many messages.
    private func publish(_ count: Int) async throws {
        for _ in 0..<count { outbox.write(broker.subjects.subject(.sample(), .implementationStep)) }
        try await outbox.publish(on: broker.bus)
    }

    /// The messages of the outbox that the stream holds; each is in it once.
    private func held() async throws -> [Int64] {
        let ids = Dictionary(
            uniqueKeysWithValues: outbox.state.withLock { $0.messages }.map { ($0.row.eventID, $0.row.id) })
        var held: [Int64] = []
        var place: UInt64 = 0
        while let (next, _, message) = try await broker.bus.nextMessage(
            stream: StreamNames.events, after: place, subject: "\(broker.subjects.prefix).>")
        {
            place = next
            let id = message.headers[BusMessage.messageIDHeader].flatMap { UUID(uuidString: $0) }
            if let row = id.flatMap({ ids[$0] }) { held.append(row) }
        }
        return held.sorted()
    }

    @Test func `a stream that holds everything is left alone`() async throws {
        try await publish(5)
        try await broker.submit("another")
        try await repair.run()
        #expect(outbox.waiting.isEmpty)
    }

    @Test func `what the stream dropped for its age is not lost`() async throws {
        try await publish(2)
        let subject = broker.subjects.subject(.sample(), .implementationStep)
        for place in 1...2 as ClosedRange<UInt64> {
            try await broker.bus.erase(stream: StreamNames.events, sequence: place, subject: subject)
        }
        try await repair.run()
        #expect(outbox.waiting.isEmpty)
    }

    @Test func `a stream that is gone is declared again, and everything published to it, once`() async throws {
        try await publish(3)
        // Of a stream that is made within the same second nobody could tell.
        try await outbox.recordBroker(stream: StreamNames.events, createdAt: Date() - 60)
        broker.bus.remove(stream: StreamNames.events)
        try await repair.run()
        #expect(try await StreamTopology.isComplete(on: broker.bus, broker.settings))
        try await repair.run()
        #expect(outbox.waiting == [1, 2, 3])
        try await outbox.publish(on: broker.bus)
        try await repair.run()
        #expect(outbox.waiting.isEmpty)
        #expect(try await held() == [1, 2, 3])
    }

    @Test func `a stream that was put back to an older state gets what it lost`() async throws {
        try await publish(4)
        let backup = try #require(broker.bus.backUp(stream: StreamNames.events))
        try await publish(3)
        broker.bus.restore(backup)
        try await repair.run()
        #expect(Set(outbox.waiting).isSuperset(of: [5, 6, 7]))
        try await outbox.publish(on: broker.bus)
        #expect(try await held() == Array(1...7))
    }

    @Test func `one that others filled beyond its old end is noticed by what stands in the place of ours`() async throws
    {
        try await publish(4)
        let backup = try #require(broker.bus.backUp(stream: StreamNames.events))
        try await publish(3)
        let end = try #require(try await broker.bus.streamState(StreamNames.events)).lastSequence
        try await outbox.moveSubmissionsChecked(in: StreamNames.events, from: 0, to: end)
        broker.bus.restore(backup)
        for task in 1...5 { try await broker.submit("task-\(task)") }
        try await repair.run()
        #expect(Set(outbox.waiting).isSuperset(of: [5, 6, 7]))
        // The submissions that stand there now were not looked at.
        #expect(try await outbox.submissionsChecked(in: StreamNames.events).map { $0 <= 4 } == true)
        try await outbox.publish(on: broker.bus)
        #expect(try await held() == Array(1...7))
        try await repair.run()
        #expect(outbox.waiting.isEmpty)
    }
}
