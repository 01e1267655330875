import Contracts
import Foundation
import Foundations
import Messaging
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import NotifierService

/// The announcer between a bus and a chat in memory.
@Suite(.timeLimit(.minutes(1))) struct AnnouncerTests {
    /// A chat that may be away.
    private final class MemoryChat: ChatRoom, Sendable {
        let lines = Recorder<String>()
        private let refuses: Bool

        init(refuses: Bool = false) { self.refuses = refuses }

        func say(_ text: String) async throws {
            lines.record(text)
            if refuses { throw ChatRefusal(status: 503) }
        }
    }

    private let broker: MemoryBroker
    private let metrics = MetricsRegistry()

    init() async throws { broker = try await MemoryBroker() }

    /// Publishes how a task ended.
    private func publish(_ status: TerminalStatus, branch: String? = nil, error: String? = nil) async throws {
        let result = WorkflowResult(
            status: status, workflowID: "w", address: .sample(), branchName: branch, errorMessage: error)
        let draft = try EventDraft(ending: result)
        let event = Event(
            seq: 9, workflowID: "w", address: .sample(), type: draft.type, message: draft.message,
            details: draft.details)
        try await publish(draft.type, JSON.encode(event))
    }

    private func publish(_ type: EventType, _ payload: Data) async throws {
        let subject = broker.subjects.subject(.sample(), type)
        _ = try await broker.bus.publish(BusMessage(subject: subject, payload: payload), messageID: nil)
    }

    /// Has an announcer work until every message is acknowledged.
    private func announce(to chat: MemoryChat?) async throws {
        let endings = [StreamNames.notifyCompleted, StreamNames.notifyFailed].map {
            PermitSource(broker.bus, broker.settings, consumer: $0, declares: true, .silent)
        }
        let announcer = Announcer(endings, chat, metrics, .none, .silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await announcer.run() }
            try await eventually("the messages are acknowledged") { [bus = broker.bus] in
                let states = try await [
                    bus.consumerState(stream: StreamNames.events, durable: StreamNames.notifyCompleted),
                    bus.consumerState(stream: StreamNames.events, durable: StreamNames.notifyFailed),
                ]
                return states.allSatisfy { $0?.outstanding == 0 }
            }
            group.cancelAll()
        }
    }

    @Test func `people read how each task ended, and where`() async throws {
        let chat = MemoryChat()
        try await publish(.completed, branch: "feat/x")
        try await announce(to: chat)
        try await publish(.validationFailed, error: "`make test` failed")
        try await announce(to: chat)
        #expect(
            chat.lines.elements == [
                "✅ acme/web/fix-login on `feat/x`: Completed",
                "❌ acme/web/fix-login: Ended: validation_failed: `make test` failed",
            ])
        let text = try Exposition(metrics.text)
        #expect(text.total("automata_tasks_ended_total", #"status="completed""#) == 1)
        #expect(text.total("automata_tasks_ended_total", #"status="validation_failed""#) == 1)
    }

    @Test func `a chat that refuses a message is not told again, and holds up nothing`() async throws {
        let chat = MemoryChat(refuses: true)
        for branch in ["feat/x", "feat/y"] { try await publish(.completed, branch: branch) }
        try await announce(to: chat)
        #expect(chat.lines.count == 2)
    }

    @Test func `without a chat the ends are counted all the same`() async throws {
        try await publish(.cancelled)
        try await announce(to: nil)
        #expect(try Exposition(metrics.text).total("automata_tasks_ended_total") == 1)
    }

    @Test func `what is no event is passed over`() async throws {
        let chat = MemoryChat()
        try await publish(.workflowCompleted, Data("not an event".utf8))
        try await publish(.completed, branch: "feat/x")
        try await announce(to: chat)
        #expect(chat.lines.count == 1)
    }
}
