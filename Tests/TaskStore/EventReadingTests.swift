import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct EventReadingTests {
    /// The events of a workflow as they are published, the newest first.
    private func published(_ id: UUID, _ fixture: Fixture) async throws -> [JSONValue] {
        let texts: [String] = try await fixture.values(
            "select payload as value from outbox where workflow_id = \(id) and seq is not null order by seq desc")
        return try texts.map { try JSONValue(parsing: $0) }
    }

    private func read(_ fixture: Fixture, since: Int = 0, before: Int? = nil, limit: Int = 100) async throws
        -> [JSONValue]
    {
        let request = QueryRequest(
            "events", filter: ["since": .int(since)], limit: limit, cursor: before.map { "\($0)" })
        return try #require(try await fixture.store.page(request, in: .task(address("t1")))).items
    }

    @Test func `events are read as they were published, by what came after and in pages`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let discovery = DiscoveryRecorded(content: "\0 \u{1F600} \"x\"", tags: ["a"])
            _ = try await fixture.store.emit(
                run.claim,
                [
                    try EventDraft(discovery),
                    EventDraft(type: .budgetAlert, message: "m", details: ["cost_usd": 0.1, "n": 1e300, "z": 0]),
                ])
            _ = try await fixture.store.end(run.claim, as: .stuck, error: "e")
            let all = try await published(run.key.workflowID, fixture)
            #expect(all.count == 4)
            #expect(try await read(fixture) == all)
            #expect(try await read(fixture, since: 1) == all.dropLast())
            #expect(try await read(fixture, limit: 2) == Array(all.prefix(2)))
            #expect(try await read(fixture, before: 3, limit: 2) == Array(all.suffix(2)))
            #expect(try await read(fixture, since: 4).isEmpty)
        }
    }

    @Test func `events outlive the outbox, and go with the history of their task`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            _ = try await fixture.store.end(run.claim, as: .stuck, error: "e")
            let all = try await published(run.key.workflowID, fixture)
            try await fixture.run("update outbox set published_at = now() - interval '15 days'")
            #expect(try await fixture.store.pruneOutbox(before: Date()) > 0)
            #expect(try await read(fixture) == all)
            _ = try await fixture.store.pruneHistory(before: Date() + 60)
            #expect(try await read(fixture) == [])
        }
    }

    @Test func `a task of another company or project with the same id has events of its own`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let other = try await fixture.submit("t1", company: "globex")
            let request = QueryRequest("events")
            let page = try await fixture.store.page(request, in: .task(address("t1", company: "globex")))
            #expect(page?.items.map { $0["workflow_id"] } == [.string(other.text)])
            #expect(try await fixture.store.page(request, in: .task(address("t1", project: "shop"))) == nil)
            #expect(try await fixture.store.page(request, in: .task(address("t2"))) == nil)
        }
    }

    @Test func `what is told of a task without an event is none`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            _ = try await fixture.store.release(run.claim, error: "an accident")
            #expect(try await read(fixture).count == 1)
        }
    }

    @Test func `tasks that run while the schema is brought up to date keep the events they had`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            _ = try await fixture.store.emit(run.claim, [EventDraft(type: .repoCloned, message: "m", details: [:])])
            let before = try await read(fixture)
            #expect(before.count == 2)
            try await fixture.run("alter table task_activities drop column seq cascade")
            try await fixture.run("alter table task_activities drop column notification_type cascade")
            try await fixture.run("alter table task_activities drop column emitted_at cascade")
            try await fixture.pool.withConnection { try $0.execute(script: Migration.events.script) }
            #expect(try await read(fixture) == before)
        }
    }
}
