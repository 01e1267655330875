import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct WebhookTurnTests {
    private func end(_ fixture: Fixture, _ task: String, company: String, url: String) async throws {
        let id = try await fixture.submit(task, company: company) { $0.delivery.webhookURL = url }
        _ = try await fixture.store.end(workflow: id, as: .stuck)
    }

    /// Copies the one message of `url` so often, each due before everything else.
    private func multiply(_ fixture: Fixture, _ url: String, by count: Int, path: SQL = "'/' || n") async throws {
        try await fixture.run(
            """
            insert into webhook_messages (id, workflow_id, company_id, url, payload)
            select m.id || '-' || n, m.workflow_id, m.company_id, m.url || \(path), m.payload
            from webhook_messages m, generate_series(1, \(count)) n where m.url = \(url)
            """)
        try await fixture.run(
            "update stage_runs set run_at = now() - interval '1 day' where kind = 'webhook' and length(slot) > 36")
        try await fixture.run("analyze webhook_messages, stage_runs")
    }

    private func urls(_ claim: WebhookClaim) -> [String] { claim.deliveries.compactMap(\.url) }

    @Test func `ten thousand messages for one endpoint hide neither another company's nor another endpoint's`()
        async throws
    {
        try await withStore { fixture in
            try await end(fixture, "t1", company: "acme", url: "https://dead.example/hook")
            try await multiply(fixture, "https://dead.example/hook", by: 10_000)
            try await end(fixture, "t2", company: "acme", url: "https://alive.example/hook")
            try await end(fixture, "t3", company: "other", url: "https://other.example/hook")
            let claim = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease)
            #expect(urls(claim).count { $0.hasPrefix("https://dead.example/") } == 31)
            #expect(urls(claim).contains("https://alive.example/hook"))
            #expect(urls(claim).contains("https://other.example/hook"))
            #expect(claim.isHeldBack)
            #expect(
                claim.deliveries.allSatisfy { $0.company.text == (($0.url ?? "").contains("other") ? "other" : "acme") }
            )
        }
    }

    @Test func `any of a company's many endpoints comes to its turn`() async throws {
        try await withStore { fixture in
            try await end(fixture, "t1", company: "acme", url: "https://x.example")
            try await multiply(fixture, "https://x.example", by: 500, path: "n || '.example/'")
            for number in [1, 250, 500] {
                let url = "https://x.example\(number).example/"
                let endpoint: Int64 = try #require(
                    try await fixture.value("select endpoint as value from webhook_messages where url = \(url)"))
                let due: [Int64] = try await fixture.pool.withConnection { connection in
                    try connection.execute(TaskStore.dueWebhooks(besides: [], beginningAt: endpoint))
                        .map { try $0.get("endpoint") }
                }
                #expect(due.contains(endpoint))
                #expect((32...64).contains(Set(due).count))
            }
        }
    }

    @Test func `an endpoint is scheme, host and port, in any spelling`() async throws {
        try await withStore { fixture in
            let urls = [
                "https://A.example/x", "https://a.example/y?z#w", "https://a.example:444/x", "http://a.example/x",
            ]
            for (number, url) in urls.enumerated() {
                try await end(fixture, "t\(number)", company: "acme", url: url)
            }
            let endpoints: [Int64] = try await fixture.values(
                "select endpoint as value from webhook_messages order by workflow_id")
            #expect(endpoints[0] == endpoints[1])
            #expect(Set(endpoints).count == 3)
        }
    }

    @Test func `messages for an endpoint that wants no more are all given up, a share at a time`() async throws {
        try await withStore { fixture in
            try await end(fixture, "t1", company: "acme", url: "https://gone.example/hook")
            try await multiply(fixture, "https://gone.example/hook", by: 100, path: "''")
            try await fixture.run(
                "insert into webhook_endpoints (url, reason) values ('https://gone.example/hook', '410')")
            var given = 0
            while case let claim = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease),
                claim.disabled > 0
            {
                #expect(claim.deliveries.isEmpty)
                given += claim.disabled
            }
            #expect(given == 101)
            #expect(
                try await fixture.value(
                    "select count(*) as value from stage_runs where kind = 'webhook' and state <> 'cancelled'") == 0)
        }
    }

    @Test func `the time of a message counts from its first attempt, and anew after a replay`() async throws {
        try await withStore { fixture in
            try await end(fixture, "t1", company: "acme", url: "https://a.example/")
            let attempt = WebhookAttempt(statusCode: 500, error: "down", durationMilliseconds: 1)
            let take = {
                try #require(try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries.first)
            }
            let first = try await take()
            #expect(first.sinceFirstAttempt == .zero)
            try await fixture.store.recordAttempt(first, .retry(after: .zero), attempt, endpoint: nil)
            try await fixture.run("update webhook_attempts set at = now() - interval '2 days'")
            let second = try await take()
            #expect(second.sinceFirstAttempt >= .seconds(2 * 86_400))
            try await fixture.store.recordAttempt(second, .dead, attempt, endpoint: nil)
            _ = try await fixture.store.control(try address("t1"), .replayWebhook(id: second.id))
            #expect(try await take().sinceFirstAttempt == .zero)
        }
    }

    @Test func `a list shows what is still tried and what was given up, the newest first, in pages`() async throws {
        try await withStore { fixture in
            for number in 0..<5 {
                let company = number == 4 ? "other" : "acme"
                try await end(fixture, "t\(number)", company: company, url: "https://a.example/")
            }
            let attempt = WebhookAttempt(statusCode: 500, error: "down", durationMilliseconds: 1)
            let taken = try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries
                .sorted { $0.id < $1.id }
            try await fixture.store.recordAttempt(taken[0], .delivered, attempt, endpoint: nil)
            try await fixture.store.recordAttempt(taken[1], .dead, attempt, endpoint: nil)
            try await fixture.store.recordAttempt(taken[2], .retry(after: .seconds(60)), attempt, endpoint: nil)
            let store = fixture.store
            func list(
                _ filter: [String: JSONValue], in scope: QueryScope = .platform, limit: Int = 200, after: String? = nil
            ) async throws -> [JSONValue] {
                let request = QueryRequest("webhooks", filter: filter, limit: limit, cursor: after)
                return try await store.page(request, in: scope)?.items ?? []
            }
            let undelivered: [String: JSONValue] = ["status": ["pending", "dead", "disabled"]]
            let page = try await list(undelivered, limit: 3)
            #expect(page.map { $0["webhook_id"]?.stringValue } == [taken[4].id, taken[3].id, taken[2].id])
            #expect(page[2]["status"] == "pending" && page[2]["attempts"] == 1 && page[2]["last_error"] == "down")
            let next = page[2]["next_attempt_at"]?.stringValue.flatMap { Timestamp.date($0) }
            #expect(try #require(next) > Date())
            let rest = try await list(undelivered, limit: 3, after: taken[2].id)
            #expect(rest.map { $0["webhook_id"]?.stringValue } == [taken[1].id])
            #expect(rest.first?["status"] == "dead" && rest.first?["next_attempt_at"] == .null)
            #expect(try await list([:]).count == 5)
            let others = try await list(undelivered, in: .company(CompanyID(validated: "other")))
            #expect(others.map { $0["company_id"] } == ["other"])
        }
    }
}
