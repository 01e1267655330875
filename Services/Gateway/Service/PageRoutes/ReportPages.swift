import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The reports that were written.
enum ReportPages {
    private static let path = "/reports"
    private static let source = ".md"

    static let rows: [Route] = [
        Route.page(.get, RoutePath(path), .role(.viewer)) { call, _, gateway in
            .page(try await list(call, gateway), for: call)
        },
        Route.page(.get, "/reports/{id}", .role(.viewer)) { call, _, gateway in
            let name = call.parameters["id"] ?? ""
            let id = name.hasSuffix(source) ? String(name.dropLast(source.count)) : name
            guard let item = try await find(id, call, gateway) else { throw Problem.unknownPath }
            guard id == name else { return .text(item.text("markdown"), type: "text/markdown") }
            return .page(page(id, item), for: call)
        },
    ]

    private static func find(_ id: String, _ call: Call, _ gateway: Gateway) async throws -> Item? {
        guard let id = UUID(uuidString: id) else { return nil }
        let filter: [String: JSONValue] = ["report_id": .string(id.text)]
        return try await gateway.record.items("reports", in: .of(call.caller), filter: filter, limit: 1).items.first
    }

    private static func list(_ call: Call, _ gateway: Gateway) async throws -> ReportsPage {
        let cursor = try call.some("cursor")
        let (items, next) = try await gateway.record.items("reports", in: .of(call.caller), limit: 10, cursor: cursor)
        let companies = Set(items.compactMap { $0.some("company_id") } + [call.caller.company?.text].compactMap { $0 })
        let own = call.caller.company?.text
        return ReportsPage(
            rows: items.map(row), charts: charts(items, call.caller),
            companies: Choice.list(companies.sorted(), chosen: own, all: own == nil ? "The platform" : nil),
            pager: Pager(
                Words.count(items.count, "report"), path: path, filter: [], cursor: cursor, next: next))
    }

    /// What the shown reports of the platform, or of the caller's company, counted: the oldest first.
    private static func charts(_ items: [Item], _ caller: Caller) -> Charts {
        let periods = items.filter { $0.some("company_id") == caller.company?.text }.reversed().map(figures)
        guard let last = periods.last else { return Charts(charts: []) }
        return .operation(periods, span: Words.count(periods.count, "report"), medianSeconds: last.medianSeconds)
    }

    /// The figures of a report. Durations are those of the commonest way to succeed.
    private static func figures(_ item: Item) -> Charts.Period {
        let ended = (item.fields["figures"]?["ended"]?.arrayValue ?? []).map { Item($0, now: item.now) }
        let succeeded = ended.filter { $0.fields["success"] == true }
        let failed = ended.filter {
            $0.fields["success"] != true && !["cancelled", "skipped", "rejected"].contains($0.text("status"))
        }
        let usual = succeeded.max { $0.int("tasks") < $1.int("tasks") }
        return Charts.Period(
            String(item.text("until").prefix(10)), succeeded: succeeded.reduce(0) { $0 + $1.int("tasks") },
            failed: failed.reduce(0) { $0 + $1.int("tasks") },
            costUSD: ended.reduce(0) { $0 + $1.double("cost_usd") },
            medianSeconds: usual?.fields["median_seconds"]?.doubleValue,
            p95Seconds: usual?.fields["p95_seconds"]?.doubleValue)
    }

    private static func row(_ item: Item) -> ReportsPage.Row {
        ReportsPage.Row(
            id: item.text("report_id"), title: title(item), kind: Badge("Written", .good), scope: scope(item),
            period: period(item), created: item.moment("created_at") ?? Moment(item.now, now: item.now),
            actor: item.some("created_by"))
    }

    private static func page(_ id: String, _ item: Item) -> ReportPage {
        ReportPage(
            id: id, title: title(item),
            facts: [
                Fact("Of", scope(item)), Fact("Time", period(item)),
                Fact("Written", item.moment("created_at") ?? Moment(item.now, now: item.now)),
                Fact("By", item.text("created_by")),
            ], markdown: item.text("markdown"))
    }

    /// What the report is headed by.
    private static func title(_ item: Item) -> String {
        let heading = item.text("markdown").split(separator: "\n").first { $0.hasPrefix("# ") }
        return heading.map { String($0.dropFirst(2)) } ?? "Report"
    }

    private static func scope(_ item: Item) -> String { item.some("company_id") ?? "the platform" }

    private static func period(_ item: Item) -> String {
        [item.text("since"), item.text("until")].map { String($0.prefix(16)).replacing("T", with: " ") }
            .joined(separator: " – ")
    }
}
