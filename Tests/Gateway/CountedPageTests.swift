import Contracts
import Foundation
import Foundations
import GatewayPages
import TaskStore
import Testing

@testable import GatewayService

/// What pages make of lists that are counted.
@Suite struct CountedPageTests {
    private static let grant = AccessGrant(name: "ann", role: .viewer, company: CompanyID(validated: "acme"))

    private static func items(_ values: [JSONValue]) -> [Item] { values.map { Item($0) } }

    private static let hours: [JSONValue] = [
        [
            "period": "hour", "since": "2026-11-28T12:00:00.000Z", "ended": 5, "succeeded": 3, "failed": 1,
            "cost_usd": 1.5, "median_seconds": 60.0, "p95_seconds": 90.0,
        ],
        [
            "period": "hour", "since": "2026-11-28T11:00:00.000Z", "ended": 0, "succeeded": 0, "failed": 0,
            "cost_usd": 0.0, "median_seconds": .null, "p95_seconds": .null,
        ],
        [
            "period": "day", "since": "2026-11-28T11:00:00.000Z", "ended": 5, "succeeded": 3, "failed": 1,
            "cost_usd": 1.5, "median_seconds": 60.0, "p95_seconds": 90.0,
        ],
    ]

    @Test func `what ended is charted by the hour, the oldest first, and summed up by the day`() {
        let performance = Performance(Self.items(Self.hours))
        let charts = performance.charts.charts
        #expect(charts.map(\.title) == ["Throughput", "Success", "Spend", "Duration"])
        #expect(charts.map(\.figure) == ["4", "75 %", "$1.50", "1 min"])
        #expect(charts[0].first == "11:00" && charts[0].last == "12:00")
        #expect(performance.figures.map(\.value) == ["5", "$1.50"])
        #expect(performance.figures[0].detail == "75 % with success")
    }

    @Test func `nothing gives no charts and no figures`() {
        let performance = Performance([])
        #expect(performance.charts.charts.isEmpty && performance.figures.isEmpty)
    }

    @Test func `counts are found by part, kind and status`() {
        let counts = SystemCounts(
            Self.items([
                ["part": "steps", "kind": "plan", "status": "ready", "count": 7, "since": "2026-11-28T12:00:00.000Z"],
                ["part": "tasks", "kind": .null, "status": "running", "count": 2, "since": .null],
            ]))
        #expect(counts.count("steps", kind: "plan", "ready") == 7 && counts.count("tasks", "running") == 2)
        #expect(counts.count("steps", kind: "plan", "held") == 0 && counts.count("tasks", kind: "plan", "running") == 0)
        #expect(counts.since("steps", kind: "plan", "ready") == Timestamp.date("2026-11-28T12:00:00.000Z"))
        #expect(counts.since("tasks", "running") == nil)
    }

    @Test func `what is counted is asked for once in a while, by whoever sees the same`() async throws {
        let fixture = Fixture()
        let (all, acme) = (Caller.nobody, Caller.bearer(Self.grant))
        for caller in [all, all, acme, acme] { _ = try await fixture.gateway.counted("system", caller) }
        let asked = fixture.record.asked.map(\.scope)
        #expect(asked == [.platform, .company(CompanyID(validated: "acme"))])
        // Models are the platform's.
        #expect(try await fixture.gateway.counted("models", acme).isEmpty)
        #expect(fixture.record.asked.count == 2)
    }

    @Test func `the models are shown to who sees the whole platform alone`() async throws {
        let fixture = Fixture()
        let answer = await fixture.ask(.get, "/models", token: fixture.record.token(.viewer))
        #expect(answer.status == 200 && answer.text.contains("id=\"model-table\""))
        #expect(!answer.text.contains("/actions/models"))
        let other = await fixture.ask(.get, "/models", token: fixture.record.token(.admin, company: "acme"))
        #expect(other.status == 403)
        let fleet = await fixture.ask(.get, "/", token: fixture.record.token(.admin, company: "acme"))
        #expect(fleet.status == 200 && !fleet.text.contains("id=\"model-table\""))
        #expect(answer.text.contains("href=\"/models\"") && !fleet.text.contains("href=\"/models\""))
    }

    @Test func `how much there is of everything is the status of all`() async throws {
        let fixture = Fixture()
        let answer = await fixture.ask(.get, "/api/v1/status", token: fixture.record.token(.viewer))
        #expect(answer.status == 200 && fixture.record.asked.last?.request.what == "system")
    }

    @Test func `a repository that was pushed to says whether that happens by itself`() async throws {
        let table = try await PushViews.table(.nobody, Fixture().gateway)
        #expect(table.rows.count == 1 && table.repositories.map(\.name) == ["https://git.example/web.git"])
        // The record of the tests says nothing of it.
        #expect(table.repositories[0].push.text == "Auto-push as GIT_AUTO_PUSH says")
        #expect(table.repositories[0].detail.hasPrefix("acme/web, 1 recent push"))
    }
}
