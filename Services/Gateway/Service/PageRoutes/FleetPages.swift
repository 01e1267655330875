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
            replicas: try await replicas(call.caller, gateway),
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
        let pause = try await pause(of: caller, gateway)
        let going = pause == nil ? Badge("Running", .good) : Badge("Paused", .warn)
        let holder = pause.map { "by \($0.text("paused_by"))" }
        return FleetStatus(
            state: failed.isEmpty ? going : Badge("Not ready", .bad),
            reason: failed.isEmpty ? holder : failed.joined(separator: ", "),
            isPaused: pause != nil, version: ServiceProcess.version,
            figures: [
                try await figure("Running", ["running"]), try await figure("Waiting", ["queued"]),
                try await figure("Paused", ["paused"]), try await figure("Needs approval", ["awaiting_approval"]),
            ], action: caller.company.map { Place.companyActions($0.text) } ?? Place.platformActions)
    }

    /// What holds the platform, or the caller's company, if anything does.
    private static func pause(of caller: Caller, _ gateway: Gateway) async throws -> Item? {
        // The platform's stand among those of all companies.
        let limit = QueryRequest.maximumLimit
        let items = try await gateway.record.items("pauses", in: .of(caller), limit: limit).items
        return items.first { $0.some("company_id") == caller.company?.text && $0.text("status") != "resumed" }
    }

    /// The replicas, for who sees the whole platform.
    private static func replicas(_ caller: Caller, _ gateway: Gateway) async throws -> ReplicaTable {
        guard caller.company == nil else { return ReplicaTable(rows: []) }
        let items = try await gateway.record.items("replicas", in: .platform, limit: 50).items
        return ReplicaTable(rows: items.map(replica))
    }

    private static func replica(_ item: Item) -> ReplicaTable.Row {
        let runs = (item.fields["runs"]?.arrayValue ?? []).map { Item($0, now: item.now) }
        let wanted = ["pause": "paused", "drain": "draining", "restart": "restarting"][item.text("wanted")]
        let status = item.text("status")
        return ReplicaTable.Row(
            name: item.text("name"), service: item.text("service"), host: item.text("service"),
            version: item.text("version"),
            status: status == "gone" ? status : wanted ?? (status == "running" && runs.isEmpty ? "idle" : status),
            work: runs.map { run in
                .init(
                    task: run.task, stage: Words.sentence(run.text("kind")),
                    since: run.moment("since") ?? Moment(item.now, now: item.now))
            }, begun: item.moment("started_at") ?? Moment(item.now, now: item.now), seen: item.moment("seen_at"),
            done: item.int("finished"), failed: item.int("failed"))
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
