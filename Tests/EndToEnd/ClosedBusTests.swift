import Contracts
import Foundation
import Foundations
import JetStream
import Messaging
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Every service, on a bus where each has to log in; so the test has a platform of its own.
@Suite(.timeLimit(.minutes(3))) struct ClosedBusTests {
    private static let roles: [Role] = [.coder("closed", Sample.repair), .anyPlanner]

    /// What a company's program does on the bus.
    private struct Client: Sendable {
        let bus: JetStreamBus
        let draft: TaskDraft

        func ask(_ type: RequestType, _ body: JSONValue = [:]) async throws -> Reply {
            let message = BusMessage(subject: draft.subject(type.rawValue), payload: try body.data())
            return try Reply(decoding: try await bus.request(message, timeout: .seconds(20)).payload)
        }

        /// The same, asking of all tasks of a company.
        func of(company: String) -> Client {
            var draft = draft
            (draft.company, draft.project, draft.id) = (company, "-", "-")
            return Client(bus: bus, draft: draft)
        }

        func subscribe() async throws -> BusSubscription {
            try await bus.subscribe(EventType.allCases.filter(\.isOutgoing).map { draft.subject($0.rawValue) })
        }

        /// All events of the task by pages of `limit`, the oldest first.
        func caughtUp(since: Int = 0, limit: Int) async throws -> [JSONValue] {
            var (items, request) = ([JSONValue](), QueryRequest("events", filter: ["since": .int(since)], limit: limit))
            while true {
                let page = QueryPage(try await ask(.query, request.json).fields())
                items += page.items
                guard let cursor = page.cursor else { return items.reversed() }
                #expect(page.items.count == limit)
                request.cursor = cursor
            }
        }
    }

    private func draft(_ remote: GitRemote) -> TaskDraft {
        var draft = TaskDraft("closed", remote: remote)
        draft.validation = ["commands": Sample.commands]
        return draft
    }

    private func events(_ subscription: BusSubscription) async throws -> [JSONValue] {
        var events: [JSONValue] = []
        for await message in subscription {
            events.append(try JSONValue(parsing: message.payload))
            if message.subject.hasSuffix(".workflow_completed") || message.subject.hasSuffix(".workflow_failed") {
                break
            }
        }
        return events
    }

    private func withPlatform(_ body: (Platform, ClosedBus) async throws -> Void) async throws {
        let closed = try await ClosedBus.start(companies: ["acme", "globex"])
        var settings = PlatformSettings(roles: Self.roles)
        settings.nats = closed.server
        settings.login = closed.witness
        settings.logins = try closed.serviceLogins()
        try await Platform.with(settings) { try await body($0, closed) }
    }

    @Test func `a company's user submits, watches, asks, controls and catches up, and another's has none of it`()
        async throws
    {
        try await withPlatform { platform, closed in
            let remote = try await GitRemote(files: Sample.files)
            let bus = try await closed.login("acme").connect()
            let client = Client(bus: bus, draft: draft(remote))
            let subscription = try await client.subscribe()
            _ = try await client.ask(.submit, client.draft.json).fields()
            let told = try await events(subscription)
            #expect(told.last?["details"]?["status"] == "completed")
            #expect(told.map { $0["seq"]?.intValue } == Array(1...told.count))
            #expect(try await client.ask(.status).fields()["last_seq"] == .int(told.count))
            #expect(try await client.caughtUp(limit: 200) == told)
            #expect(try await client.caughtUp(limit: 4) == told)
            #expect(try await client.caughtUp(since: 7, limit: 3) == Array(told.dropFirst(7)))
            #expect(try await client.ask(.query, ["what": "usage"]).refusal().message.contains("usage is not built"))
            let all = client.of(company: "acme")
            let tasks = QueryPage(try await all.ask(.query, QueryRequest("tasks").json).fields()).items
            #expect(tasks.map { $0["task_id"] } == [.string(client.draft.id)])
            let wider = await #expect(throws: BusError.self) {
                _ = try await client.of(company: "-").ask(.query, QueryRequest("tasks").json)
            }
            #expect(wider?.code == .permission)
            #expect(try await client.ask(.control, ["action": "cancel"]).refusal().code != "unavailable")

            // By the stream, and by the tool.
            let stored = Client(bus: bus, draft: draft(remote))
            let end = try await stored.subscribe()
            _ = try await bus.publish(
                BusMessage(subject: stored.draft.subject("task_submitted"), payload: stored.draft.json.data()),
                messageID: nil)
            #expect(try await events(end).last?["details"]?["status"] == "completed")
            for user in ["acme", "automata.operator"] {
                let watched = try await Program.run(
                    [try Executables.path("automata"), "watch", stored.draft.reference],
                    environment: try closed.login(user).environment)
                #expect(watched.contains("status      completed"))
            }

            let stranger = try await closed.login("globex").connect()
            let thief = Client(bus: stranger, draft: client.draft)
            for type in RequestType.allCases {
                let error = await #expect(throws: BusError.self) { _ = try await thief.ask(type) }
                #expect(error?.code == .permission)
            }
            bus.close()
            stranger.close()
        }
    }
}
