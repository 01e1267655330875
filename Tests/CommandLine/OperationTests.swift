import ArgumentParser
import Contracts
import Foundation
import Foundations
import Synchronization
import Testing

@testable import CommandLineTool

/// The verbs of those who run the platform.
@Suite struct OperationTests {
    /// A log of the platform that answers as `query` does, in pages of a few lines.
    private final class Log: Sendable {
        let lines = Mutex<[JSONValue]>([])

        func append(_ message: String, level: String = "info") {
            lines.withLock { lines in
                lines.append(["id": .int(lines.count + 1), "message": .string(message), "level": .string(level)])
            }
        }

        @Sendable func page(_ request: QueryRequest, _ scope: QueryScope) throws -> QueryPage {
            let end = request.cursor.flatMap { Int($0) } ?? .max
            let after = request.filter["after"]?.intValue ?? 0
            let found = lines.withLock { $0 }.reversed().filter { line in
                let id = line["id"]?.intValue ?? 0
                return id < end && id > after && (request.filter["level"] ?? line["level"]) == line["level"]
            }
            let page = found.prefix(min(3, request.limit))
            let last = page.last?["id"]?.intValue
            return QueryPage(items: Array(page), cursor: found.count > page.count ? last.map { "\($0)" } : nil)
        }
    }

    private func messages(_ lines: [JSONValue]) -> [String] { lines.map { $0["message"]?.stringValue ?? "" } }

    @Test func `the newest lines come first in their order, and what follows comes once`() async throws {
        let log = Log()
        for number in 1...10 { log.append("\(number)") }
        let reader = LogReader(filter: [:], scope: .platform)
        let newest = try await reader.newest(5) { try log.page($0, $1) }
        #expect(messages(newest.lines) == ["6", "7", "8", "9", "10"] && newest.last == 10)
        let nothing = try await reader.behind(newest.last) { try log.page($0, $1) }
        #expect(nothing.lines.isEmpty && nothing.last == 10)
        for number in 11...18 { log.append("\(number)") }
        let more = try await reader.behind(nothing.last) { try log.page($0, $1) }
        #expect(messages(more.lines) == (11...18).map { "\($0)" } && more.last == 18)
    }

    @Test func `what a filter leaves out is not looked at again`() async throws {
        let log = Log()
        for number in 1...4 { log.append("\(number)", level: number == 1 ? "error" : "info") }
        let reader = LogReader(filter: ["level": "error"], scope: .platform)
        let newest = try await reader.newest(50) { try log.page($0, $1) }
        #expect(messages(newest.lines) == ["1"] && newest.last == 4)
        log.append("5", level: "error")
        let more = try await reader.behind(newest.last) { try log.page($0, $1) }
        #expect(messages(more.lines) == ["5"] && more.last == 5)
    }

    @Test func `a line of the log says where it is from, and what it is about`() {
        let line: JSONValue = [
            "timestamp": "2026-11-21T09:30:00.125Z", "level": "warning", "service": "coder", "replica": "coder-2",
            "message": "stage failed", "company_id": "acme", "project_id": "web", "task_id": "fix",
            "facts": ["error": "e", "decision": "retry"],
        ]
        #expect(
            LogsCommand.line(line)
                == "2026-11-21T09:30:00.125Z WARNING coder-2 stage failed acme/web/fix decision=retry error=e")
    }

    @Test func `a replica is a line with what it runs`() {
        let replica: JSONValue = [
            "name": "coder-2", "status": "paused", "wanted": "pause", "wanted_by": "ann", "places": 4, "finished": 7,
            "failed": 1, "runs": [["kind": "implementation", "company_id": "a", "project_id": "b", "task_id": "c"]],
        ]
        let line = ReplicasCommand.line(replica)
        #expect(line.hasPrefix("coder-2 ") && line.contains("paused (to pause, says ann)"))
        #expect(line.hasSuffix("runs 1/4, finished 7, failed 1: implementation of a/b/c"))
    }

    @Test func `the system is its parts, and how much there is of what`() {
        let lines = SystemTable.lines(
            health: [
                ["part": "planner", "ok": true, "detail": "1 of 1 live", "since": "2026-11-21T09:30:00.125Z"],
                ["part": "coder", "ok": false, "detail": "0 of 1 live", "since": .null],
            ],
            counts: [
                ["part": "tasks", "kind": .null, "status": "running", "count": 3],
                ["part": "tasks", "kind": .null, "status": "completed", "count": 41],
                ["part": "steps", "kind": "plan", "status": "ready", "count": 2],
            ])
        #expect(
            lines == [
                "coder                   not ok  0 of 1 live",
                "planner                 ok      1 of 1 live, since 2026-11-21T09:30:00.125Z",
                "steps plan              ready 2", "tasks                   completed 41, running 3",
            ])
    }

    @Test func `status is of a task, of a company, or of all`() throws {
        for arguments in [["status"], ["status", "acme"], ["status", "acme/web/fix", "--json"]] {
            #expect(try AutomataCommand.parseAsRoot(arguments) is StatusCommand)
        }
    }

    @Test(arguments: [
        ["status", "acme/web"], ["pause", "a.b"], ["restart"], ["drain"], ["logs", "0"], ["logs", "--company", "-"],
    ])
    func `a verb that names nothing is refused`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try AutomataCommand.parseAsRoot(arguments) }
    }

    @Test func `who asks is the one who is named, else the login`() throws {
        #expect(try ActorOption.parse(["--actor", "ann"]).name == "ann")
        #expect(try ActorOption.parse([]).name == ProcessInfo.processInfo.environment["USER"])
    }
}
