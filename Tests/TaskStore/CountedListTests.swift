import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// The lists whose items are counts.
@Suite(.timeLimit(.minutes(5))) struct CountedListTests {
    private static let acme = CompanyID(validated: "acme")

    private func items(
        _ fixture: Fixture, _ what: String, in scope: QueryScope = .platform
    ) async throws -> [JSONValue] {
        try #require(try await fixture.store.page(QueryRequest(what), in: scope)).items
    }

    /// A reply of a model, in the journal of a run.
    private func answer(
        _ fixture: Fixture, _ run: StageRun, _ step: Int, model: String, asked: String? = nil, cost: Double = 0.5
    ) async throws {
        var reply: [String: JSONValue] = [
            "model": .string(model), "usage": ["promptTokens": 100, "completionTokens": 10], "costUSD": .double(cost),
        ]
        reply["asked"] = asked.map(JSONValue.string)
        let call = JournalStep(
            step: step, kind: .modelCall, name: "turn", requestHash: "h", result: ["reply": .object(reply)],
            startedAt: Date() - 3)
        _ = try await fixture.store.recordStep(run.claim, call)
    }

    @Test func `what a model answered and failed at is counted by the name that it was asked by`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            try await answer(fixture, run, 0, model: "glm-2026", asked: "glm")
            try await answer(fixture, run, 1, model: "glm-2026", asked: "glm", cost: 0.25)
            try await answer(fixture, run, 2, model: "gpt")
            for _ in 0..<2 {
                try await fixture.store.noteModelFailure(of: "glm", code: "model_rate_limited", error: "status 429")
            }
            try await fixture.store.noteModelFailure(of: "spare", code: "model_unavailable", error: "it is away")
            // What has no reply of a model is none.
            let step = JournalStep(
                step: 3, kind: .modelCall, name: "turn", requestHash: "h", result: ["failure": "context_too_long"])
            _ = try await fixture.store.recordStep(run.claim, step)
            let items = try await items(fixture, "models")
            #expect(items.map { $0["model"] } == ["spare", "glm", "gpt"])
            let glm = items[1]
            #expect(glm["status"] == "degraded" && glm["calls"] == 4 && glm["failures"] == 2)
            #expect(glm["error_rate"] == 0.5 && glm["cost_usd"] == 0.75)
            #expect(glm["prompt_tokens"] == 200 && glm["completion_tokens"] == 20)
            #expect(glm["last_error"] == "model_rate_limited: status 429")
            let latency = try #require(glm["latency_seconds"]?.doubleValue)
            #expect(latency >= 3 && latency < 60)
            #expect(items[0]["status"] == "unavailable" && items[0]["calls"] == 1 && items[0]["answered_at"] == .null)
            #expect(items[0]["error_rate"] == 1.0 && items[0]["latency_seconds"] == .null)
            #expect(items[2]["status"] == "available" && items[2]["error_rate"] == 0.0)
        }
    }

    @Test func `what is older than a day is not counted, and what is known of it stays`() async throws {
        try await withStore { fixture in
            try await fixture.store.noteModelFailure(of: "glm", code: "model_unavailable", error: "it is away")
            try await fixture.run("update model_failures set at = now() - interval '25 hours'")
            let glm = try #require(try await items(fixture, "models").first)
            #expect(glm["status"] == "unknown" && glm["calls"] == 0 && glm["error_rate"] == .null)
            #expect(glm["since"] == .null && glm["failed_at"] != .null && glm["cost_usd"] == 0.0)
        }
    }

    @Test func `a model that goes on to fail is away five minutes after its last answer`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let run = try await fixture.claim()
            for step in 0..<6 { try await answer(fixture, run, step, model: "glm") }
            try await fixture.store.noteModelFailure(of: "glm", code: "model_unavailable", error: "e")
            func status() async throws -> JSONValue? { try await items(fixture, "models").first?["status"] }
            #expect(try await status() == "degraded")
            try await fixture.run("update model_failures set at = at + interval '6 minutes'")
            #expect(try await status() == "unavailable")
            try await fixture.run("update model_failures set at = at - interval '1 hour'")
            #expect(try await status() == "available")
        }
    }

    @Test func `the name of a model is cut, whatever a provider says`() throws {
        let long = String(repeating: "m", count: 9000)
        let step = JournalStep(
            step: 0, kind: .modelCall, name: "turn", requestHash: "h",
            result: ["reply": ["model": .string(long), "costUSD": -1, "usage": ["promptTokens": -7]]])
        let answer = try #require(ModelAnswer(step))
        #expect(answer.model.utf8.count == 200 && answer.costUSD == 0 && answer.promptTokens == 0)
        let tool = JournalStep(step: 0, kind: .toolCall, name: "n", requestHash: "h", result: step.result)
        #expect(ModelAnswer(tool) == nil)
    }

    private func counts(_ items: [JSONValue]) -> [String: Int] {
        items.reduce(into: [:]) { counts, item in
            let names = ["part", "kind", "status"].compactMap { item[$0]?.stringValue }
            counts[names.joined(separator: " ")] = item["count"]?.intValue
        }
    }

    @Test func `everything is counted by its status, of a company and of all`() async throws {
        try await withStore { fixture in
            for task in ["t1", "t2"] { try await fixture.submit(task) }
            let other = try await fixture.submit("t1", company: "globex")
            _ = try await fixture.store.end(workflow: other, as: .stuck, error: "e")
            let ended = try await fixture.submit("t3")
            _ = try await fixture.store.end(workflow: ended, as: .cancelled)
            let old = try await fixture.submit("t4")
            _ = try await fixture.store.end(workflow: old, as: .cancelled)
            try await fixture.run(
                """
                update tasks set created_at = now() - interval '3 days', finished_at = now() - interval '2 days'
                where workflow_id = \(old)
                """)
            _ = try await fixture.claim()
            let replica = Replica(
                owner: fixture.owner, service: .planner, name: "planner-1", version: "1", places: 4, startedAt: Date())
            _ = try await fixture.store.show(replica)
            let acme = counts(try await items(fixture, "system", in: .company(Self.acme)))
            #expect(acme["tasks running"] == 1 && acme["tasks queued"] == 1 && acme["tasks cancelled"] == 1)
            #expect(acme["steps plan ready"] == 1 && acme["steps plan leased"] == 1)
            #expect(acme["tasks stuck"] == nil && acme["replicas planner running"] == nil)
            let all = counts(try await items(fixture, "system"))
            #expect(all["tasks stuck"] == 1 && all["replicas planner running"] == 1)
            #expect(all["messages unpublished"] ?? 0 > 0)
        }
    }

    @Test func `a part is well or it is said what is not`() async throws {
        try await withStore { fixture in
            func parts() async throws -> [String: JSONValue] {
                Dictionary(
                    try await items(fixture, "health").map { ($0["part"]?.stringValue ?? "", $0) },
                    uniquingKeysWith: { first, _ in first })
            }
            let replica = Replica(
                owner: fixture.owner, service: .planner, name: "planner-1", version: "1", places: 4, startedAt: Date())
            _ = try await fixture.store.show(replica)
            var found = try await parts()
            let needed: Set = ["planner", "coder", "validator", "pusher", "notifier"]
            #expect(Set(found.keys) == needed.union(["bus", "database", "models", "queue"]))
            #expect(found["planner"]?["ok"] == true && found["planner"]?["detail"] == "1 of 1 live")
            #expect(found["coder"]?["ok"] == false && found["coder"]?["detail"] == "0 of 0 live")
            #expect(found["database"]?["ok"] == true && found["database"]?["since"] != .null)
            for part in ["bus", "models", "queue"] { #expect(found[part]?["ok"] == true, "\(part)") }
            try await fixture.submit("t1")
            try await fixture.run("update stage_runs set run_at = now() - interval '1 hour'")
            try await fixture.run("update outbox set created_at = now() - interval '1 hour'")
            try await fixture.run("update replicas set seen_at = now() - interval '1 hour'")
            try await fixture.store.noteModelFailure(of: "glm", code: "model_unavailable", error: "e")
            found = try await parts()
            for part in ["planner", "bus", "models", "queue"] { #expect(found[part]?["ok"] == false, "\(part)") }
            #expect(found["planner"]?["detail"] == "0 of 1 live" && found["models"]?["detail"] == "0 of 1 answer")
            #expect(found["queue"]?["detail"] == "1 ready")
            // Who is paused waits with reason.
            _ = try await fixture.store.move(.platform, .pause, by: "ann")
            #expect(try await parts()["queue"]?["ok"] == true)
        }
    }

    @Test func `what ended is counted by the hour, and together`() async throws {
        try await withStore { fixture in
            for (task, status) in [("t1", TerminalStatus.stuck), ("t2", .cancelled), ("t3", .completedNoChanges)] {
                let id = try await fixture.submit(task)
                _ = try await fixture.store.end(workflow: id, as: status)
                try await fixture.run(
                    """
                    update tasks set created_at = finished_at - interval '90 seconds', cost_usd = 0.5
                    where workflow_id = \(id)
                    """)
            }
            let other = try await fixture.submit("t1", company: "globex")
            _ = try await fixture.store.end(workflow: other, as: .stuck)
            let hours = try await items(fixture, "performance", in: .company(Self.acme))
            #expect(hours.count == 25 && hours.count { $0["period"] == "hour" } == 24)
            let last = hours[0]
            #expect(last["period"] == "hour" && last["ended"] == 3 && last["succeeded"] == 1 && last["failed"] == 1)
            #expect(last["cost_usd"] == 1.5 && last["median_seconds"] == 90.0 && last["p95_seconds"] == 90.0)
            #expect(hours[1]["ended"] == 0 && hours[1]["median_seconds"] == .null)
            let day = try #require(hours.first { $0["period"] == "day" })
            #expect(day["ended"] == 3 && day["since"] == hours[24 - 1]["since"])
            #expect(try await items(fixture, "performance").first?["ended"] == 4)
        }
    }
}
