import Contracts
import Foundation
import Foundations
import FrontDesk
import Messaging
import PlannerService
import ServiceKit
import TaskStore
import Testing

/// The front desk on a bus in memory.
@Suite(.timeLimit(.minutes(1))) struct FrontDoorTests {
    /// Answers with what it was asked.
    private struct Echo: Desk {
        let type: RequestType

        func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
            .ok([
                "type": .string(type.rawValue), "task": .string(address.task.text),
                "trace": message.trace.map(JSONValue.string) ?? .null,
                "body": .string(String(decoding: message.body, as: UTF8.self)),
            ])
        }
    }

    private struct Silence: FrontDeskOutlet {
        func publish(_ messages: [OutboxMessage]) {}
        func wakeOwner(of workflowID: UUID) async throws {}
        func wakeReplicas() async throws {}
        func note(_ occurrence: FrontDeskOccurrence) {}
    }

    /// Lends a bus on which a front door serves `types`.
    private func serving(
        _ types: [RequestType], _ body: @escaping @Sendable (InMemoryBus) async throws -> Void
    ) async throws {
        let (bus, openings) = (InMemoryBus(), Openings())
        let desk = FrontDesk(types.map { Echo(type: $0) }, outlet: Silence())
        let door = FrontDoor(desk, bus: bus, subjects: SubjectScheme(), openings: openings)
        for type in types { openings.expect(type.rawValue) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await door.run() }
            while (try? openings.check()) == nil { await Task.yield() }
            try await body(bus)
            group.cancelAll()
        }
    }

    @Test func `each kind of request is answered by its desk, with what came along`() async throws {
        try await serving([.status, .query]) { bus in
            for type in [RequestType.status, .query] {
                let message = BusMessage(
                    subject: "automata.workflows.acme.web.fix.\(type.rawValue)",
                    headers: ["Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
                    payload: Data("body".utf8))
                let answer = try await bus.request(message, timeout: .seconds(10))
                let expected = Reply.ok([
                    "type": .string(type.rawValue), "task": "fix", "trace": "0af7651916cd43dd8448eb211c80319c",
                    "body": "body",
                ])
                #expect(try Reply(decoding: answer.payload) == expected)
            }
        }
    }

    @Test func `what nobody waits for is not answered, and what names no task is refused`() async throws {
        try await serving([.status]) { bus in
            try await bus.send(BusMessage(subject: "automata.workflows.acme.web.fix.status", payload: Data()))
            let long = String(repeating: "x", count: 65)
            let message = BusMessage(subject: "automata.workflows.acme.web.\(long).status", payload: Data())
            let answer = try await bus.request(message, timeout: .seconds(10))
            guard case .error("invalid_subject", _, _) = try Reply(decoding: answer.payload) else {
                Issue.record("\(String(decoding: answer.payload, as: UTF8.self))")
                return
            }
            let other = BusMessage(subject: "automata.workflows.acme.web.fix.query", payload: Data())
            let error = await #expect(throws: BusError.self) {
                _ = try await bus.request(other, timeout: .seconds(10))
            }
            #expect(error?.code == .noResponders)
        }
    }
}
