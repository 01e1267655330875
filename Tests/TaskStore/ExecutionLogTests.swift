import Contracts
import Database
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5))) struct ExecutionLogTests {
    private func line(_ message: String, _ level: String = "info", of workflow: UUID? = nil) -> LogLine {
        var facts = ["error": "the disk is full"]
        if let workflow { facts["workflow_id"] = workflow.text }
        return LogLine(time: Date(), level: level, message: message, facts: facts)
    }

    private func page(
        _ fixture: Fixture, _ filter: [String: JSONValue] = [:], in scope: QueryScope = .platform, limit: Int = 200,
        cursor: String? = nil
    ) async throws -> QueryPage {
        let request = QueryRequest("logs", filter: filter, limit: limit, cursor: cursor)
        return try #require(try await fixture.store.page(request, in: scope))
    }

    private func messages(
        _ fixture: Fixture, _ filter: [String: JSONValue] = [:], in scope: QueryScope = .platform
    ) async throws -> [String] {
        try await page(fixture, filter, in: scope).items.map { $0["message"]?.stringValue ?? "" }
    }

    @Test func `lines are found by service, level, task, text and time`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            try await fixture.store.record(
                [line("one"), line("two", "error", of: id)], of: "coder", replica: "coder-1")
            try await fixture.store.record([line("three", "debug")], of: "planner", replica: "planner-1")
            #expect(try await messages(fixture) == ["three", "two", "one"])
            #expect(try await messages(fixture, ["service": "coder"]) == ["two", "one"])
            #expect(try await messages(fixture, ["service": ["coder", "planner"]]) == ["three", "two", "one"])
            #expect(try await messages(fixture, ["level": "info"]) == ["two", "one"])
            #expect(try await messages(fixture, ["level": "warning"]) == ["two"])
            #expect(try await messages(fixture, ["task": "acme/web/t1"]) == ["two"])
            #expect(try await messages(fixture, ["text": "WO"]) == ["two"])
            #expect(try await messages(fixture, ["text": "disk is FULL"]) == ["three", "two", "one"])
            #expect(try await messages(fixture, ["text": "nowhere"]) == [])
            try await fixture.run(
                "update execution_logs set recorded_at = '2026-01-02T03:04:05Z' where message = 'one'")
            #expect(try await messages(fixture, ["until": "2026-01-02T03:04:06Z"]) == ["one"])
            #expect(try await messages(fixture, ["since": "2026-01-02T03:04:06Z"]) == ["three", "two"])
            #expect(try await messages(fixture, ["since": "2100-01-02T03:04:06Z"]) == [])
            let first = try #require(try await page(fixture, ["text": "one"]).items.first?["id"])
            #expect(try await messages(fixture, ["after": first]) == ["three", "two"])
        }
    }

    @Test func `a company sees the lines about its tasks, without what only operators need`() async throws {
        try await withStore { fixture in
            let own = try await fixture.submit("t1")
            let other = try await fixture.submit("t1", company: "globex")
            let lines = [line("own", of: own), line("other", of: other), line("nobody's"), line("lost", of: UUID())]
            try await fixture.store.record(lines, of: "coder", replica: "coder-1")
            let acme = CompanyID(validated: "acme")
            let project = QueryScope.project(acme, ProjectID(validated: "web"))
            for scope in [QueryScope.company(acme), project, .task(try address("t1"))] {
                let items = try await page(fixture, in: scope).items
                #expect(items.map { $0["message"] } == ["own"] && items[0]["facts"] == nil)
                #expect(items[0]["task_id"] == "t1" && items[0]["replica"] == nil)
            }
            let all = try await page(fixture).items
            #expect(all.count == 4 && all.allSatisfy { $0["replica"] == "coder-1" && $0["facts"] != nil })
        }
    }

    /// Whoever goes on behind the last id that it saw misses no line, whatever the others do meanwhile.
    @Test func `a reader that follows misses no line of many writers`() async throws {
        try await withStore(connections: 8) { fixture in
            let (writers, batches) = (6, 40)
            let seen = try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        for batch in 0..<batches {
                            let lines = (0..<3).map { line("\(writer)/\(batch)/\($0)") }
                            try await fixture.store.record(lines, of: "coder", replica: "coder-\(writer)")
                        }
                    }
                }
                var (seen, last) = ([String](), 0)
                while seen.count < writers * batches * 3 {
                    let (lines, cursor) = try await behind(last, fixture)
                    seen += lines
                    last = max(last, cursor)
                }
                try await group.waitForAll()
                return seen
            }
            #expect(seen.count == writers * batches * 3 && Set(seen).count == seen.count)
        }
    }

    private func behind(_ last: Int, _ fixture: Fixture) async throws -> ([String], Int) {
        var (lines, highest, cursor) = ([String](), last, String?.none)
        repeat {
            let page = try await page(fixture, ["after": .int(last)], limit: 50, cursor: cursor)
            lines += page.items.map { $0["message"]?.stringValue ?? "" }
            highest = max(highest, page.items.compactMap { $0["id"]?.intValue }.max() ?? 0)
            cursor = page.cursor
        } while cursor != nil
        return (lines, highest)
    }

    @Test func `a search leads on over what it was not found in, and looks at nothing twice`() async throws {
        try await withStore { fixture in
            let lines = (0..<2500).map { line($0 % 1200 == 7 ? "needle \($0)" : "hay") }
            try await fixture.store.record(lines, of: "coder", replica: "coder-1")
            var (found, pages, cursor) = ([String](), 0, String?.none)
            repeat {
                let page = try await page(fixture, ["text": "needle"], limit: 2, cursor: cursor)
                found += page.items.map { $0["message"]?.stringValue ?? "" }
                pages += 1
                cursor = page.cursor
            } while cursor != nil
            #expect(found == ["needle 2407", "needle 1207", "needle 7"] && pages > 1)
            let one = try await page(fixture, ["text": "hay"], limit: 2)
            #expect(one.items.count == 2)
            let next = try await page(fixture, ["text": "hay"], limit: 2, cursor: one.cursor)
            #expect(Set(one.items.map { $0["id"] }).isDisjoint(with: next.items.map { $0["id"] }))
        }
    }

    @Test func `lines go after their time`() async throws {
        try await withStore { fixture in
            try await fixture.store.record([line("one"), line("two")], of: "coder", replica: "coder-1")
            try await fixture.run(
                "update execution_logs set recorded_at = now() - interval '8 d' where message = 'one'")
            #expect(try await fixture.store.pruneLogs(before: Date() - 7 * 86_400) == 1)
            #expect(try await messages(fixture) == ["two"])
        }
    }

    @Test func `text that the record cannot hold, and much of it, does no harm`() async throws {
        try await withStore { fixture in
            let long = String(repeating: "x", count: 10_000)
            let line = LogLine(time: Date(), level: "info", message: "a\0b" + long, facts: ["k\0": long, "e": "\0"])
            try await fixture.store.record([line], of: "coder", replica: "coder-1")
            let message = try #require(try await messages(fixture).first)
            #expect(message.hasPrefix("a\u{FFFD}b") && message.utf8.count <= 2002)
        }
    }

    /// All that there is behind a place, however little is read at once.
    private func followed(
        _ fixture: Fixture, _ filter: LogFilter, after start: Int = 0, limit: Int = 200
    ) async throws -> [JSONValue] {
        let last = try await fixture.store.lastLine()
        var (items, place) = ([JSONValue](), start)
        while place < last {
            let batch = try await fixture.store.lines(after: place, upTo: last, matching: filter, limit: limit)
            #expect(batch.upTo > place && batch.lines.count <= limit)
            items += batch.lines.map { $0.item(in: filter.scope) }
            place = batch.upTo
        }
        return items
    }

    @Test func `who follows sees the same lines as who asks for the list, by any filter in any scope`() async throws {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            let other = try await fixture.submit("t2", company: "globex")
            for (number, level) in ["trace", "debug", "info", "notice", "warning", "error", "critical"].enumerated() {
                let lines = [
                    line("Own \(number)", level, of: id), line("other \(number)", level, of: other),
                    line("nobody's \(number)", level),
                ]
                let service = number.isMultiple(of: 2) ? "coder" : "planner"
                try await fixture.store.record(lines, of: service, replica: "\(service)-1")
            }
            let filters: [[String: JSONValue]] = [
                [:], ["service": "coder"], ["service": ["coder", "planner"]], ["level": "warning"], ["level": "trace"],
                ["task": "acme/web/t1"], ["text": "OWN"], ["text": "disk is FULL"],
                ["service": "planner", "level": "debug", "task": "acme/web/t1", "text": "own 1"],
            ]
            for scope in try QuerySamples.scopes("t1") {
                for filter in filters {
                    let listed = Array(try await page(fixture, filter, in: scope).items.reversed())
                    for limit in [200, 2] {
                        let lines = try await followed(fixture, try LogFilter(filter, in: scope), limit: limit)
                        #expect(lines == listed, "\(scope) \(filter)")
                    }
                }
            }
            let all = try await page(fixture).items
            let middle = try #require(all[10]["id"]?.intValue)
            #expect(try await followed(fixture, .all, after: middle) == Array(all.prefix(10).reversed()))
        }
    }

    @Test(
        arguments: [
            (["level": "loud"], "filter.level"), (["service": "nobody"], "filter.service"),
            (["task": "t"], "filter.task"),
            (["text": ""], "filter.text"), (["since": "2026-01-02T03:04:05Z"], "filter.since"),
        ] as [([String: JSONValue], String)])
    func `what cannot be followed by is refused by its name`(_ filter: [String: JSONValue], _ path: String) {
        let error = #expect(throws: FieldError.self) { try LogFilter(filter, in: .platform) }
        #expect(error?.path == path)
    }

    @Test func `what is far away is reached without a look at all between, and where nothing is there is an end`()
        async throws
    {
        try await withStore { fixture in
            #expect(try await fixture.store.lastLine() == 0)
            try await fixture.store.record([line("first")], of: "coder", replica: "coder-1")
            try await fixture.run("alter sequence execution_logs_id_seq restart with 5000000")
            try await fixture.store.record([line("far")], of: "coder", replica: "coder-1")
            #expect(try await fixture.store.lastLine() == 5_000_000)
            let first = try await fixture.store.lines(after: 1, upTo: 5_000_000, matching: .all, limit: 10)
            #expect(first.lines.map(\.id) == [5_000_000] && first.upTo == 5_000_000)
            let none = try LogFilter(["text": "nowhere"], in: .platform)
            let batch = try await fixture.store.lines(after: 0, upTo: 5_000_000, matching: none, limit: 10)
            #expect(batch.lines.isEmpty && batch.upTo > 0 && batch.upTo < 5_000_000)
            let end = try await fixture.store.lines(after: 6_000_000, upTo: 7_000_000, matching: .all, limit: 10)
            #expect(end.lines.isEmpty && end.upTo == 7_000_000)
        }
    }
}
