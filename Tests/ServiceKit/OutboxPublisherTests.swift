import Contracts
import Database
import Foundation
import Foundations
import Messaging
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct OutboxPublisherTests {
    /// Lets a publisher publish the rows, and waits until all are marked.
    private func publish(_ rows: [OutboxMessage], _ context: ServiceContext) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await context.publisher.run() }
            defer { group.cancelAll() }
            context.publisher.publish(rows)
            try await Deadline.limit("everything is marked as published") {
                while try await !context.store.unpublished(olderThan: .zero).isEmpty {
                    try await Deadline.elapse(.milliseconds(5))
                }
            }
        }
    }

    private func stored(_ context: ServiceContext) async throws -> UInt64 {
        try #require(try await context.bus.streamState(StreamNames.events)).messages
    }

    /// The rows as they are an hour later.
    private func leftOver(_ context: ServiceContext) async throws -> [OutboxMessage] {
        try await context.pool.withConnection { connection in
            _ = try connection.execute("update outbox set created_at = created_at - interval '1 hour'")
        }
        return try await context.store.unpublished(olderThan: .zero)
    }

    /// Publishes without ids, as if the stream had forgotten them.
    private func publishUnknown(_ rows: [OutboxMessage], _ context: ServiceContext) async throws {
        for row in rows {
            _ = try await context.bus.publish(
                BusMessage(subject: row.subject, headers: row.headers, payload: row.payload), messageID: nil)
        }
    }

    @Test func `an event that the stream holds is not published again when its id is forgotten`() async throws {
        let context = try await ServiceContext.fixture()
        let run = try await claimed(context)
        for _ in 0..<3 { _ = try await context.store.emit(run.claim, [Self.event]) }
        let rows = try await leftOver(context)
        let events = rows.filter { $0.seq != nil }
        try await publishUnknown(events, context)
        try await publish(rows, context)
        // The triggers are published: a permit more does no harm.
        #expect(try await stored(context) == UInt64(rows.count))
        try await context.pool.close()
    }

    @Test func `of old events those are published that the stream lacks`() async throws {
        let context = try await ServiceContext.fixture()
        let run = try await claimed(context)
        for _ in 0..<4 { _ = try await context.store.emit(run.claim, [Self.event]) }
        let rows = try await leftOver(context)
        let steps = rows.filter { $0.subject.hasSuffix(".implementation_step") }
        try await publishUnknown(Array(steps.prefix(2)), context)
        try await publish(rows, context)
        #expect(try await stored(context) == UInt64(rows.count))
        let last = try await context.bus.lastMessage(stream: StreamNames.events, subject: steps[3].subject)
        #expect(last?.message.headers[BusMessage.messageIDHeader] == steps[3].eventID.text)
        try await context.pool.close()
    }

    /// A leader of a cluster that notes an id, and loses the message before the others have it, does the same.
    @Test func `a message that the server says it has, and has not, is published all the same`() async throws {
        let context = try await ServiceContext.fixture()
        let rows = try await context.submit("first")
        try await context.publish(rows)
        let lost = try #require(rows.first)
        try await context.bus.erase(stream: StreamNames.events, sequence: 1, subject: lost.subject)
        try await publish(rows, context)
        let last = try await context.bus.lastMessage(stream: StreamNames.events, subject: lost.subject)
        #expect(last?.message.isCopy(of: lost.eventID) == true)
        // Another process that has the row as well finds it.
        let again = try await OutboxSender(context.bus, .none, patience: .zero, readsStream: true).publish(lost)
        #expect(again.streamSequence == last?.sequence)
        #expect(try await stored(context) == UInt64(rows.count))
        try await context.pool.close()
    }

    @Test func `a message that the server says it has, and has not, may still turn up`() async throws {
        let context = try await ServiceContext.fixture()
        let rows = try await context.submit("first")
        let lost = try #require(rows.first)
        let sender = OutboxSender(context.bus, .none, patience: .seconds(600), readsStream: true)
        try await context.publish([lost])
        try await context.bus.erase(stream: StreamNames.events, sequence: 1, subject: lost.subject)
        let error = await #expect(throws: BusError.self) { try await sender.publish(lost) }
        #expect(error?.isRetriable == true)
        #expect(try await stored(context) == 0)
        try await context.pool.close()
    }

    @Test func `a permit that arrived says that all before it is published`() async throws {
        let context = try await ServiceContext.fixture()
        let rows = try await context.submit("first")
        let permit = try #require(rows.last)
        #expect(permit.seq == nil && rows.count > 1)
        context.publisher.hasArrived(
            BusMessage(
                subject: permit.subject, headers: [BusMessage.messageIDHeader: permit.eventID.text], payload: Data()))
        let run = try #require(try await context.store.claim(.plan, owner: context.owner, lease: .seconds(600)))
        let all = try await context.store.emit(run.claim, [Self.event])
        // Another process has published the others, and has not marked them yet.
        #expect(all.count == rows.count + 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await context.publisher.run() }
            defer { group.cancelAll() }
            context.publisher.publish(all)
            try await Deadline.limit("the fresh one is marked as published") {
                while try await context.store.unpublished(olderThan: .zero).count > rows.count {
                    try await Deadline.elapse(.milliseconds(5))
                }
            }
        }
        #expect(try await stored(context) == 1)
        try await context.pool.close()
    }

    @Test func `what a server confirmed before it was put back to an older store is not marked after`() async throws {
        let context = try await ServiceContext.fixture()
        let bus = try #require(context.bus as? InMemoryBus)
        let before = try #require(bus.backUp(stream: StreamNames.events))
        let rows = try await context.submit("first")
        let publisher = OutboxPublisher(
            bus: bus, store: context.store, rights: ServiceKind.planner.tells, markingDelay: .seconds(600),
            logger: context.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            publisher.publish(rows)
            try await Deadline.limit("all are published") {
                while try await stored(context) < UInt64(rows.count) { try await Deadline.elapse(.milliseconds(5)) }
            }
            bus.restore(before)
            // Marks what is unmarked at its end.
            group.cancelAll()
        }
        #expect(try await context.store.unpublished(olderThan: .zero) == rows)
        try await context.pool.close()
    }

    private static let event = EventDraft(type: .implementationStep, message: "m", details: [:])

    private func claimed(_ context: ServiceContext) async throws -> StageRun {
        _ = try await context.submit("first")
        return try #require(try await context.store.claim(.plan, owner: context.owner, lease: .seconds(600)))
    }
}
