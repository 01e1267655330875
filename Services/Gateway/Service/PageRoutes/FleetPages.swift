import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import ServiceKit
import TaskStore

/// The whole installation at a glance.
enum FleetPages {
    static let rows: [Route] = [
        Route.page(.get, "/", .role(.viewer)) { call, _, gateway in
            .page(try await page(call, gateway), for: call, stream: PageStreams.path(of: call))
        }
    ]

    static func page(_ call: Call, _ gateway: Gateway) async throws -> FleetPage {
        FleetPage(
            status: try await status(call.caller, gateway), charts: Charts(charts: []),
            replicas: ReplicaTable(rows: []),
            queue: QueueSummary(rows: try await QueuePages.summary(call.caller, gateway)),
            models: ModelTable(rows: []), pushes: try await pushes(call.caller, gateway),
            form: try await TaskListPages.form(gateway, call))
    }

    static func status(_ caller: Caller, _ gateway: Gateway) async throws -> FleetStatus {
        let failed = await Readiness.failures(of: gateway.checks)
        let limit = QueryRequest.maximumLimit
        func count(_ statuses: [String]) async throws -> String {
            let filter: [String: JSONValue] = ["status": .array(statuses.map(JSONValue.string))]
            let (items, next) = try await gateway.record.items(
                "tasks", in: .of(caller), filter: filter, limit: limit)
            return next == nil ? "\(items.count)" : "\(limit)+"
        }
        func figure(_ name: String, _ statuses: [String]) async throws -> FleetStatus.Figure {
            FleetStatus.Figure(
                name: name, value: try await count(statuses),
                href: Place.query(Place.tasks, [("status", statuses.joined(separator: ","))]))
        }
        return FleetStatus(
            state: failed.isEmpty ? Badge("Running", .good) : Badge("Not ready", .bad),
            reason: failed.isEmpty ? nil : failed.joined(separator: ", "), version: ServiceProcess.version,
            figures: [
                try await figure("Running", ["running"]), try await figure("Waiting", ["queued"]),
                try await figure("Paused", ["paused"]), try await figure("Needs approval", ["awaiting_approval"]),
            ])
    }

    static func pushes(_ caller: Caller, _ gateway: Gateway) async throws -> PushTable {
        let items = try await gateway.record.items("pushes", in: .of(caller), limit: 10).items
        return PushTable(
            rows: items.map { item in
                .init(
                    repository: item.text("remote_url"), branch: item.text("branch_name"),
                    commit: item.text("commit_hash"), task: item.task,
                    at: item.moment("timestamp") ?? Moment(item.now, now: item.now))
            })
    }
}
