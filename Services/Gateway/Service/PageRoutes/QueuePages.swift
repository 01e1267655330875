import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// What is to be done, and why it waits.
enum QueuePages {
    static let rows: [Route] = [
        Route.page(.get, "/queue", .role(.viewer)) { call, _, gateway in
            .page(try await page(call, gateway), for: call, stream: PageStreams.path(of: call))
        }
    ]

    static func page(_ call: Call, _ gateway: Gateway) async throws -> QueuePage {
        let (kind, status) = (try call.some("kind"), try call.some("status"))
        var filter: [String: JSONValue] = [:]
        filter["kind"] = kind.map(JSONValue.string)
        filter["status"] = status.map(JSONValue.string)
        let cursor = try call.field("cursor")
        let (items, next) = try await gateway.record.items(
            "queue", in: .of(call.caller), filter: filter, limit: 100, cursor: cursor)
        return QueuePage(
            summary: QueueSummary(rows: try await summary(call.caller, gateway)),
            kinds: Choice.list(StepKind.rows.map(\.kind.rawValue), chosen: kind, all: "Any"),
            statuses: Choice.list(["held", "ready", "leased"], chosen: status, all: "Any"), rows: items.map(row),
            pager: Pager(
                Words.count(items.count, "step"), path: "/queue", filter: [("kind", kind), ("status", status)],
                cursor: cursor, next: next))
    }

    private static func row(_ item: Item) -> QueuePage.Row {
        QueuePage.Row(
            task: item.task, kind: item.text("kind"), stage: item.stage ?? "",
            status: Badge(status: item.text("status")),
            waits: item.some("waits_for").map(Words.waiting(for:)),
            runAt: item.date("run_at").flatMap { $0 > item.now ? Moment($0, now: item.now) : nil },
            priority: item.int("priority"), attempts: item.int("attempts"), owner: item.some("claimed_by"),
            since: item.moment("claimed_at") ?? item.moment("created_at"), error: item.some("last_error"))
    }

    /// How much of each kind there is.
    static func summary(_ caller: Caller, _ gateway: Gateway) async throws -> [QueueSummary.Row] {
        let counts = try await SystemCounts(caller, gateway)
        return StepKind.rows.map(\.kind.rawValue).map { kind in
            QueueSummary.Row(
                kind: kind, running: counts.count("steps", kind: kind, "leased"),
                ready: counts.count("steps", kind: kind, "ready"), held: counts.count("steps", kind: kind, "held"),
                oldestSeconds: counts.since("steps", kind: kind, "ready").map { max(0, Date().timeIntervalSince($0)) })
        }
    }
}

extension QueryScope {
    /// All that a caller sees.
    static func of(_ caller: Caller) -> QueryScope { caller.company.map { .company($0) } ?? .platform }
}

extension Call {
    /// A field of the query that says something.
    func some(_ name: String) throws(Problem) -> String? { try field(name).flatMap { $0.isEmpty ? nil : $0 } }
}
