import ArgumentParser
import Contracts
import Foundation
import Foundations

/// `automata logs`
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Prints what the services logged, the oldest first.",
        discussion: "Lines are kept from LOG_RECORD_LEVEL on, for LOG_RETENTION_DAYS.")

    @OptionGroup var options: ClientOptions
    @Argument(help: "How many lines, the newest.") var count = 50
    @Option(name: .long, help: "Only what is at least so grave, such as warning.") var level: String?
    @Option(name: .long, help: "Only lines of this service, such as coder.") var service: String?
    @Option(name: .long, help: "Only lines about this task, COMPANY/PROJECT/TASK.") var task: String?
    @Option(name: .long, help: "Only lines that hold this text.") var text: String?
    @Option(name: .long, help: "Only lines about tasks of this company. Logins of a company have to name it.")
    var company: String?
    @Flag(name: .long, help: "Go on with lines as they come.") var follow = false
    @Flag(name: .long, help: "Print each line as JSON.") var json = false

    func validate() throws {
        guard count >= 1 else { throw ValidationError("expected at least 1 line") }
        _ = try QueryScope(company: company)
    }

    func run() async throws {
        let reader = LogReader(filter: filter, scope: try QueryScope(company: company))
        try await reporting {
            let client = try await PlatformClient.connect(try await options.source())
            var (lines, last) = try await reader.newest(count) { try await client.page($0, in: $1) }
            try show(lines)
            while follow {
                // Nobody tells of lines: they are asked for.
                try await Task.sleep(for: .seconds(1))
                (lines, last) = try await reader.behind(last) { try await client.page($0, in: $1) }
                try show(lines)
            }
        }
    }

    private var filter: [String: JSONValue] {
        ["level": level, "service": service, "task": task, "text": text].compactMapValues { $0.map(JSONValue.string) }
    }

    private func show(_ lines: [JSONValue]) throws {
        for line in lines { if json { try Output.jsonLine(line) } else { Output.line(Self.line(line)) } }
    }

    static func line(_ line: JSONValue) -> String {
        let facts = (line["facts"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.stringValue ?? "")" }
        let task = line["task_id"]?.stringValue == nil ? [] : [line.taskName]
        let level = line.text("level").uppercased()
        let place = line["replica"]?.stringValue ?? line.text("service")
        return ([line.text("timestamp"), level, place, line.text("message")] + task + facts).joined(separator: " ")
    }
}

/// Reads log lines page by page: the newest, and then what comes, without a gap.
struct LogReader: Sendable {
    typealias Ask = @Sendable (QueryRequest, QueryScope) async throws -> QueryPage

    let filter: [String: JSONValue]
    let scope: QueryScope

    /// The newest lines, the oldest first, and behind which one to go on.
    func newest(_ count: Int, _ ask: Ask) async throws -> (lines: [JSONValue], last: Int) {
        // What the filter leaves out is behind it too.
        let end = try await ask(QueryRequest("logs", limit: 1), scope).items.first?["id"]?.intValue ?? 0
        let lines = try await pages(filter, atMost: count, ask)
        return (lines, max(end, Self.last(lines)))
    }

    /// All lines behind one, the oldest first, and behind which one to go on.
    func behind(_ last: Int, _ ask: Ask) async throws -> (lines: [JSONValue], last: Int) {
        let lines = try await pages(filter.merging(["after": .int(last)]) { $1 }, atMost: .max, ask)
        return (lines, max(last, Self.last(lines)))
    }

    private func pages(_ filter: [String: JSONValue], atMost count: Int, _ ask: Ask) async throws -> [JSONValue] {
        var (lines, cursor) = ([JSONValue](), String?.none)
        repeat {
            let limit = min(QueryRequest.maximumLimit, count - lines.count)
            let page = try await ask(QueryRequest("logs", filter: filter, limit: limit, cursor: cursor), scope)
            lines += page.items
            cursor = page.cursor
        } while cursor != nil && lines.count < count
        return lines.reversed()
    }

    private static func last(_ lines: [JSONValue]) -> Int { lines.last?["id"]?.intValue ?? 0 }
}
