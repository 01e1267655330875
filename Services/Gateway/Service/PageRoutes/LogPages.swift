import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// What the services wrote.
enum LogPages {
    static let path = "/logs"
    private static let fields = ["service", "level", "task", "text"]
    private static let levels = ["debug", "info", "notice", "warning", "error", "critical"]

    static let rows: [Route] = [
        Route.page(.get, RoutePath(path), .role(.viewer)) { call, _, gateway in
            // What is written while the page is made is on it or in its stream, or in both.
            let last = try await gateway.record.lastLine()
            let isNewest = try call.some("cursor") == nil
            return .page(
                try await page(call, gateway), for: call,
                stream: isNewest ? PageStreams.path(of: call, [(LogStreams.from, "\(last)")]) : nil)
        }
    ]

    /// The lines that a page has to be told of.
    ///
    /// - Parameters:
    ///   - page: The request of the page.
    ///   - call: That of the stream.
    static func stream(_ page: Call, _ call: Call, _ gateway: Gateway) async throws -> LogStream {
        let scope = QueryScope.of(page.caller)
        let filter = try LogFilter(try asked(page).mapValues(JSONValue.string), in: scope)
        let visitor = page.visitor
        return try await LogStreams.stream(call, filter, gateway) { line in
            let markup = Self.line(Item(line.item(in: scope))).render(for: visitor)
            return ServerSentEvent.text(markup, id: "\(line.id)", name: "append")
        }
    }

    private static func asked(_ page: Call) throws(Problem) -> [String: String] {
        var asked: [String: String] = [:]
        for name in fields { asked[name] = try page.some(name) }
        return asked
    }

    private static func page(_ call: Call, _ gateway: Gateway) async throws -> LogsPage {
        let asked = try asked(call)
        let cursor = try call.some("cursor")
        let (items, next) = try await gateway.record.items(
            "logs", in: .of(call.caller), filter: asked.mapValues(JSONValue.string), limit: 100, cursor: cursor)
        return LogsPage(
            services: Choice.list(ServiceKind.allCases.map(\.rawValue), chosen: asked["service"], all: "Any"),
            levels: Choice.list(levels, chosen: asked["level"], all: "Any"), task: asked["task"] ?? "",
            text: asked["text"] ?? "", lines: items.reversed().map(line),
            pager: Pager(
                Words.count(items.count, "line"), path: path, filter: fields.map { ($0, asked[$0]) }, cursor: cursor,
                next: next))
    }

    private static func line(_ item: Item) -> GatewayPages.LogLine {
        let facts = item.fields["facts"]?.objectValue ?? [:]
        return GatewayPages.LogLine(
            cursor: "\(item.int("id"))", at: item.moment("timestamp") ?? Moment(item.now, now: item.now),
            level: item.text("level"), service: item.some("replica") ?? item.text("service"),
            task: item.some("task_id").map { _ in item.task }, message: item.text("message"),
            fields: facts.sorted { $0.key < $1.key }.map {
                ($0.key, $0.value.stringValue ?? (try? $0.value.text()) ?? "")
            })
    }
}
