import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// Whoever follows the events sees each once, whatever the order in which they are committed.
@Suite(.timeLimit(.minutes(2))) struct FollowingEventsTests {
    private func insert(_ seq: Int, _ address: TaskAddress) -> SQL {
        let subject = SubjectScheme().subject(address, .planCreated)
        return """
            insert into outbox (event_id, workflow_id, seq, subject, payload)
            values (gen_random_uuid(), gen_random_uuid(), \(seq), \(subject), '{}')
            """
    }

    private func seqs(_ fixture: Fixture, after cursor: inout EventCursor, limit: Int = 500) async throws -> [Int] {
        var seqs: [Int] = []
        while true {
            let batch = try #require(try await fixture.store.events(after: cursor, limit: limit))
            seqs += batch.messages.map(\.seq)
            guard let last = batch.messages.last, !batch.isWhole else {
                cursor = cursor.behind(batch)
                return seqs
            }
            cursor = cursor.behind(last, of: batch)
        }
    }

    @Test func `what is committed late is seen, and nothing twice`() async throws {
        try await withStore { fixture in
            var cursor = try await fixture.store.eventCursor()
            let (begun, mayEnd) = (Promise<Void>(), DispatchSemaphore(value: 0))
            let task = try address("t")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await fixture.pool.transaction { connection in
                        try connection.execute(insert(1, task))
                        begun.succeed(())
                        // The transaction stays open, on its own thread.
                        mayEnd.wait()
                    }
                }
                try await begun.value()
                try await fixture.run(insert(2, task))
                #expect(try await seqs(fixture, after: &cursor) == [2])
                #expect(try await seqs(fixture, after: &cursor) == [])
                mayEnd.signal()
                try await group.waitForAll()
            }
            #expect(try await seqs(fixture, after: &cursor) == [1])
            #expect(try await seqs(fixture, after: &cursor) == [])
            // As text it is the same place.
            let copy = try #require(EventCursor(cursor.text))
            #expect(copy == cursor)
        }
    }

    @Test func `a place in the middle goes on there, also when more has happened`() async throws {
        try await withStore { fixture in
            var cursor = try await fixture.store.eventCursor()
            let task = try address("t")
            for seq in 1...25 { try await fixture.run(insert(seq, task)) }
            let first = try #require(try await fixture.store.events(after: cursor, limit: 10))
            #expect(!first.isWhole && first.messages.map(\.seq) == Array(1...10))
            cursor = cursor.behind(first.messages[6], of: first)
            cursor = try #require(EventCursor(cursor.text))
            try await fixture.run(insert(26, task))
            #expect(try await seqs(fixture, after: &cursor, limit: 10) == Array(8...25))
            #expect(try await seqs(fixture, after: &cursor) == [26])
        }
    }

    @Test func `a scope holds its own alone`() async throws {
        try await withStore { fixture in
            let cursor = try await fixture.store.eventCursor()
            let places = try [
                address("a"), address("b"), address("a", project: "site"), address("a", company: "acme_1"),
                address("a", company: "acme1"),
            ]
            for (seq, place) in places.enumerated() { try await fixture.run(insert(seq + 1, place)) }
            let scopes: [(QueryScope, [Int])] = [
                (.platform, [1, 2, 3, 4, 5]), (.company(places[0].company), [1, 2, 3]),
                (.project(places[0].company, places[0].project), [1, 2]), (.task(places[0]), [1]),
                (.company(places[3].company), [4]),
            ]
            for (scope, seqs) in scopes {
                let batch = try #require(try await fixture.store.events(after: cursor, in: scope))
                #expect(batch.messages.map(\.seq) == seqs, "\(scope)")
            }
        }
    }

    @Test func `a place of another database, or one that is too old, is not known`() async throws {
        try await withStore { fixture in
            let now = try await fixture.store.eventCursor()
            let future = try #require(EventCursor("\(now.time)/999999999:999999999:"))
            #expect(try await fixture.store.events(after: future) == nil)
            let old = try #require(EventCursor("\(now.time - 14 * 86_400)/\(now.seen.text)"))
            #expect(try await fixture.store.events(after: old) == nil)
            #expect(try await fixture.store.events(after: now) != nil)
        }
    }

    @Test(arguments: [
        "", "1", "1/", "x/1:2:", "1/1:2", "1/2:1:", "1/1:2:9", "1/1:9:4,3", "1/1:9:3,x", "1/-1:2:", "1/1:2:/",
        "1/1:2:/1:2:/x",
        "1/1:2:/1:2:/1/1", "1/1:99999999999999999999:",
    ])
    func `what is no place is none`(_ text: String) {
        #expect(EventCursor(text) == nil)
    }

    @Test func `a snapshot knows what it sees, and which is later`() throws {
        let early = try #require(EventSnapshot("10:15:10,13"))
        #expect((8..<17).filter(early.sees) == [8, 9, 11, 12, 14])
        let later = try #require(EventSnapshot("13:15:13"))
        #expect(later.isLater(than: early) && !early.isLater(than: later) && !early.isLater(than: early))
        #expect(try #require(EventSnapshot("13:16:13,15")).isLater(than: later))
    }

    @Test func `events of a task come in their order, as they were published`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t")
            _ = try await fixture.store.control(try address("t"), .pause)
            _ = try await fixture.store.control(try address("t"), .resume)
            let all = try #require(try await fixture.store.events(of: try address("t"), after: 0))
            #expect(all.workflowID == id.text)
            #expect(all.events.map(\.seq) == Array(1...all.events.count) && all.events.count > 1)
            let payloads: [String] = try await fixture.values(
                "select payload as value from outbox where workflow_id = \(id) and seq is not null order by id")
            #expect(try all.events.map(\.event) == payloads.map { try JSONValue(parsing: $0) })
            #expect(try await fixture.store.events(of: try address("t"), after: 1, limit: 1)?.events.map(\.seq) == [2])
            #expect(try await fixture.store.events(of: try address("none"), after: 0) == nil)
        }
    }
}
