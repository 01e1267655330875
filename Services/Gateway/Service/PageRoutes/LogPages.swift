import Contracts
import FoundationEssentials
import Foundations
import GatewayPages

/// What the services wrote.
enum LogPages {
    private static let path = "/logs"
    private static let fields = ["service", "level", "task", "text"]
    private static let levels = ["debug", "info", "notice", "warning", "error", "critical"]

    static let rows: [Route] = [
        Route.page(.get, RoutePath(path), .role(.viewer)) { call, _, gateway in
            .page(try await page(call, gateway), for: call)
        }
    ]

    private static func page(_ call: Call, _ gateway: Gateway) async throws -> LogsPage {
        var asked: [String: String] = [:]
        for name in fields { asked[name] = try call.some(name) }
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

    private static func line(_ item: Item) -> LogLine {
        let facts = item.fields["facts"]?.objectValue ?? [:]
        return LogLine(
            cursor: "\(item.int("id"))", at: item.moment("timestamp") ?? Moment(item.now, now: item.now),
            level: item.text("level"), service: item.some("replica") ?? item.text("service"),
            task: item.some("task_id").map { _ in item.task }, message: item.text("message"),
            fields: facts.sorted { $0.key < $1.key }.map {
                ($0.key, $0.value.stringValue ?? (try? $0.value.text()) ?? "")
            })
    }
}
