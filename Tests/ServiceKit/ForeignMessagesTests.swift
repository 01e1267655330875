import Contracts
import Database
import Foundations
import Messaging
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit

/// A publisher whose service may not publish all that it is handed.
@Suite(.timeLimit(.minutes(1))) struct ForeignMessagesTests {
    private static let step = EventDraft(type: .implementationStep, message: "m", details: [:])

    /// A task with a planner's messages and, behind them, one of a coder.
    private func mixed(_ task: String, _ context: ServiceContext) async throws -> [OutboxMessage] {
        _ = try await context.submit(task)
        let run = try #require(try await context.store.claim(.plan, owner: context.owner, lease: .seconds(600)))
        return try await context.store.emit(run.claim, [Self.step])
    }

    /// Notes that messages are in the stream.
    private func mark(_ rows: [OutboxMessage], _ context: ServiceContext) async throws {
        try await context.store.markPublished(rows.map { PublishedMessage(id: $0.id, streamSequence: nil) })
    }

    private func withCoder(
        _ context: ServiceContext, _ body: (OutboxPublisher) async throws -> Void
    ) async throws {
        let publisher = OutboxPublisher(
            bus: context.bus, store: context.store, rights: ServiceKind.coder.tells, logger: context.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await publisher.run() }
            try await body(publisher)
            group.cancelAll()
        }
        try await context.pool.close()
    }

    private func untilMarked(_ rows: [OutboxMessage], _ context: ServiceContext) async throws {
        try await Deadline.limit("they are marked as published") {
            while try await context.store.unpublished(olderThan: .zero).contains(where: { rows.contains($0) }) {
                try await Deadline.elapse(.milliseconds(5))
            }
        }
    }

    @Test func `what follows another's message is published as soon as that is marked`() async throws {
        let context = try await ServiceContext.fixture()
        let rows = try await mixed("first", context)
        #expect(rows.count > 1 && rows.last?.subject.hasSuffix(".implementation_step") == true)
        try await mark(Array(rows.dropLast()), context)
        try await withCoder(context) { publisher in
            // As they were before the planner's were marked.
            publisher.publish(rows)
            try await untilMarked(rows, context)
            let state = try #require(try await context.bus.streamState(StreamNames.events))
            #expect(state.messages == 1)
        }
    }

    @Test func `what another is to publish is left alone, with all that follows it in its workflow`() async throws {
        let context = try await ServiceContext.fixture()
        let held = try await mixed("first", context)
        let free = try await mixed("second", context)
        try await mark(Array(free.dropLast()), context)
        try await withCoder(context) { publisher in
            publisher.publish(held)
            publisher.publish(Array(free.suffix(1)))
            try await untilMarked(Array(free.suffix(1)), context)
            let state = try #require(try await context.bus.streamState(StreamNames.events))
            #expect(state.messages == 1)
            #expect(try await context.store.unpublished(olderThan: .zero) == held)
        }
    }

    @Test func `who may not read the stream leaves it to the relay whether the stream holds a message`() async throws {
        let context = try await ServiceContext.fixture()
        let rows = try await context.submit("first")
        try await context.publish(rows)
        let sender = OutboxSender(context.bus, .none, patience: .zero, readsStream: false)
        let error = await #expect(throws: BusError.self) { try await sender.publish(try #require(rows.first)) }
        #expect(error?.isRetriable == true)
        #expect(
            try await OutboxSender(context.bus, .none, patience: .zero, readsStream: true)
                .publish(try #require(rows.first)).streamSequence == 1)
        try await context.pool.close()
    }
}
