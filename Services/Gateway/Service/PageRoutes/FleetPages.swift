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
        let caller = call.caller
        let isPlatform = caller.company == nil
        let replicas = try await isPlatform ? gateway.record.items("replicas", in: .platform).items : nil
        let performance = Performance(try await gateway.counted("performance", caller))
        return FleetPage(
            status: try await status(caller, gateway, performance, replicas ?? []), charts: performance.charts,
            replicas: replicas.map { ReplicaTable(rows: $0.map(replica)) },
            queue: QueueSummary(rows: try await QueuePages.summary(caller, gateway)),
            models: try await ModelPages.table(caller, gateway), pushes: try await PushViews.table(caller, gateway),
            form: try await TaskListPages.form(gateway, call))
    }

    private static func status(
        _ caller: Caller, _ gateway: Gateway, _ performance: Performance, _ replicas: [Item]
    ) async throws -> FleetStatus {
        let failed = await Readiness.failures(of: gateway.checks)
        let pause = try await gateway.record.pause(of: caller.company)
        // The oldest of those that live: since then somebody was there.
        let begun = replicas.filter { $0.text("status") != "gone" }.compactMap { $0.date("started_at") }.min()
        let going = pause == nil ? Badge("Running", .good) : Badge("Paused", .warn)
        return FleetStatus(
            state: failed.isEmpty ? going : Badge("Not ready", .bad),
            reason: failed.isEmpty ? pause.map(reason) : failed.joined(separator: ", "),
            isPaused: pause != nil, uptime: begun.map { Amount.duration(max(0, Date().timeIntervalSince($0))) },
            nextCheckpoint: try await nextCheckpoint(caller, gateway), version: ServiceProcess.version,
            figures: figures(try await SystemCounts(caller, gateway)) + performance.figures,
            parts: try await gateway.counted("health", caller).map(part),
            action: caller.company.map { Place.companyActions($0.text) } ?? Place.platformActions)
    }

    private static func figures(_ counts: SystemCounts) -> [FleetStatus.Figure] {
        let states = [
            ("Running", "running"), ("Waiting", "queued"), ("Paused", "paused"),
            ("Needs approval", "awaiting_approval"),
        ]
        return states.map { name, status in
            let oldest = counts.since("tasks", status).map { Amount.duration(max(0, Date().timeIntervalSince($0))) }
            return FleetStatus.Figure(
                name: name, value: Amount.count(counts.count("tasks", status)),
                detail: oldest.map { "oldest \($0)" } ?? "", href: Place.query(Place.tasks, [("status", status)]))
        }
    }

    private static func part(_ item: Item) -> FleetStatus.Part {
        FleetStatus.Part(
            name: Words.sentence(item.text("part")),
            state: item.fields["ok"] == true ? Badge("Good", .good) : Badge("Attention", .bad),
            detail: item.text("detail"), since: item.moment("since"))
    }

    private static func reason(_ pause: Item) -> String {
        let since = pause.moment("paused_at").map { " since \($0.full)" } ?? ""
        return "by \(pause.text("paused_by"))\(since)"
    }

    private static func nextCheckpoint(_ caller: Caller, _ gateway: Gateway) async throws -> Moment? {
        let now = Date()
        let next = try await gateway.record.nextCheckpoints(every: gateway.checkpointDays)
        let own = caller.company.map { PausePlace.company($0) }
        let due = next.filter { $0.place == .platform || $0.place == own }.map(\.due).min()
        return due.map { Moment($0, now: now) }
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
}
