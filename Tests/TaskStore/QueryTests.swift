import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct QueryTests {
    private static let acme = CompanyID(validated: "acme")

    private func page(
        _ fixture: Fixture, _ what: String, in scope: QueryScope = .platform, filter: [String: JSONValue] = [:],
        limit: Int = QueryRequest.maximumLimit, cursor: String? = nil
    ) async throws -> QueryPage? {
        try await fixture.store.page(
            QueryRequest(what, filter: filter, limit: limit, cursor: cursor), in: scope)
    }

    /// The items of all pages of `limit`.
    private func items(
        _ fixture: Fixture, _ what: String, in scope: QueryScope = .platform, filter: [String: JSONValue] = [:],
        limit: Int = QueryRequest.maximumLimit
    ) async throws -> [JSONValue] {
        var (items, cursor) = ([JSONValue](), String?.none)
        repeat {
            let page = try #require(
                try await page(fixture, what, in: scope, filter: filter, limit: limit, cursor: cursor))
            #expect(page.items.count <= limit)
            items += page.items
            cursor = page.cursor
        } while cursor != nil
        return items
    }

    private func texts(_ items: [JSONValue], _ field: String) -> [String] {
        items.map { $0[field]?.stringValue ?? "" }
    }

    @Test func `every list is the same in pages of any size, and what a scope names is part of what the wider names`()
        async throws
    {
        try await withStore { fixture in
            for label in ["a", "b"] { try await EveryOperation(fixture: fixture, label: label).perform() }
            for list in QueryList.all {
                var wider: Set<JSONValue>?
                for scope in try QuerySamples.scopes("a-flow") where list.scopes.contains(scope.level) {
                    let all = try await items(fixture, list.what, in: scope)
                    #expect(Set(all).count == all.count, "\(list.what)")
                    for limit in [1, 3] {
                        #expect(try await items(fixture, list.what, in: scope, limit: limit) == all, "\(list.what)")
                    }
                    // What only operators see is not there for a company, and of counts it has its own.
                    if let wider, list.operatorColumns == nil, list.counting == nil {
                        #expect(Set(all).isSubset(of: wider), "\(list.what)")
                    }
                    wider = Set(all)
                }
            }
        }
    }

    @Test func `a company sees nothing of another, and a task that is not there is told from an empty list`()
        async throws
    {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let other = try await fixture.submit("t1", company: "globex")
            _ = try await fixture.store.end(workflow: other, as: .stuck, error: "e")
            #expect(texts(try await items(fixture, "tasks"), "company_id") == ["globex", "acme"])
            #expect(texts(try await items(fixture, "tasks", in: .company(Self.acme)), "company_id") == ["acme"])
            #expect(try await items(fixture, "dead_letters", in: .company(Self.acme)).isEmpty)
            let project = QueryScope.project(Self.acme, ProjectID(validated: "shop"))
            #expect(try await items(fixture, "tasks", in: project).isEmpty)
            let mine = QueryScope.task(try address("t1"))
            #expect(try await items(fixture, "transcript", in: mine).isEmpty)
            #expect(try await page(fixture, "transcript", in: .task(try address("t2"))) == nil)
            #expect(try await page(fixture, "rejected", in: .task(try address("t2")))?.items == [])
        }
    }

    @Test func `tasks are found by their status and their time`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1") { $0.task.tags = ["urgent"] }
            for (task, status) in [("t2", TerminalStatus.stuck), ("t3", .cancelled), ("t4", .internalError)] {
                let id = try await fixture.submit(task)
                _ = try await fixture.store.end(workflow: id, as: status, error: "because")
            }
            func found(_ filter: [String: JSONValue], _ what: String = "tasks") async throws -> [String] {
                texts(try await items(fixture, what, filter: filter, limit: 2), "task_id")
            }
            #expect(try await found([:]) == ["t4", "t3", "t2", "t1"])
            #expect(try await found(["status": "queued"]) == ["t1"])
            #expect(try await found(["status": ["stuck", "queued", "internal_error"]]) == ["t4", "t2", "t1"])
            #expect(try await found([:], "dead_letters") == ["t4", "t2"])
            let tasks = try await items(fixture, "tasks")
            let third = tasks[1]
            #expect(third["error_message"] == "because" && third["title"] == "Mend it" && third["cost_usd"] == 0.0)
            #expect(third["completed_at"] != .null && tasks[3]["completed_at"] == .null)
            #expect(tasks[3]["tags"] == ["urgent"])
            #expect(try await found(["workflow": try #require(third["workflow_id"])]) == ["t3"])
            try await fixture.run("update tasks set created_at = '2026-01-02T03:04:05.678Z' where task_id = 't2'")
            #expect(try await found(["until": "2026-01-02T03:04:06Z"]) == ["t2"])
            #expect(try await found(["until": "2026-01-02T03:04:05.678Z"]) == [])
            #expect(try await found(["since": "2026-01-02T03:04:05.679Z"]) == ["t4", "t3", "t1"])
            let item = try await items(fixture, "tasks", filter: ["status": "stuck"]).first
            #expect(item?["created_at"] == "2026-01-02T03:04:05.678Z")
        }
    }

    @Test func `tasks are found by a tag, by their parent and by a part of what people call them`() async throws {
        try await withStore { fixture in
            let tags: [String: [String]] = ["t1": ["urgent", "urgent"], "t2": ["urgent", "web"], "t3": ["web"]]
            for task in ["t1", "t2", "t3"] {
                try await fixture.submit(task) {
                    $0.task.tags = tags[task] ?? []
                    $0.task.description = "The 50% of \(task)'s Work_"
                }
            }
            try await fixture.submit("t1", company: "globex") { $0.task.tags = ["urgent"] }
            func found(_ filter: [String: JSONValue], in scope: QueryScope = .company(Self.acme)) async throws
                -> [String]
            {
                texts(try await items(fixture, "tasks", in: scope, filter: filter, limit: 1), "task_id")
            }
            let project = QueryScope.project(Self.acme, ProjectID(validated: "web"))
            for scope in [.company(Self.acme), project] {
                #expect(try await found(["tag": "urgent"], in: scope) == ["t2", "t1"])
            }
            #expect(try await found(["tag": "urgent"], in: .platform) == ["t1", "t2", "t1"])
            #expect(try await found(["tag": "urgent"], in: .task(try address("t2"))) == ["t2"])
            #expect(try await found(["tag": "web", "status": "queued", "text": "T3"]) == ["t3"])
            #expect(try await found(["tag": "web", "status": ["running", "stuck"]]).isEmpty)
            #expect(try await found(["tag": "we"]).isEmpty)
            #expect(try await found(["text": "50% of T2"]) == ["t2"])
            #expect(try await found(["text": "work_"]) == ["t3", "t2", "t1"])
            #expect(try await found(["text": "work%"]).isEmpty)
            let family = try await Family(fixture, layers: [2])
            _ = try await fixture.store.spawn(try await fixture.claim(.coordinate).claim, family.plan)
            let names = family.plan.map(\.request.task.address.task.text).sorted()
            #expect(try await found(["parent": .string(family.parent.text)]).sorted() == names)
            let children = try await items(fixture, "children", in: .task(family.address), limit: 1)
            #expect(texts(children, "task_id").sorted() == names)
            #expect(children.allSatisfy { $0["parent"] == .string(family.parent.text) })
            #expect(try await items(fixture, "children", in: .task(try address("t1"))).isEmpty)
        }
    }

    @Test func `what no index tells is looked for in a bounded number of items a page, and found in the end`()
        async throws
    {
        try await withStore { fixture in
            let id = try await fixture.submit("t1")
            try await fixture.run(
                """
                insert into task_activities (id, task_id, workflow_id, company_id, project_id, activity_type, message,
                    timestamp)
                select md5('activity ' || n)::uuid, 't1', \(id), 'acme', 'web', 'progress',
                    case n when 1 then 'the Needle' else 'hay' end, '2026-01-02T03:04:05Z'::timestamptz + n * interval '1 s'
                from generate_series(1, 5000) n
                """)
            let scope = QueryScope.task(try address("t1"))
            var (pages, cursor) = ([QueryPage](), String?.none)
            repeat {
                let page = try #require(
                    try await page(fixture, "activities", in: scope, filter: ["text": "needle"], cursor: cursor))
                pages.append(page)
                cursor = page.cursor
            } while cursor != nil
            #expect(pages.map(\.items.count) == Array(repeating: 0, count: 10) + [1])
            #expect(pages.last?.items.first?["message"] == "the Needle")
            #expect(
                try await items(fixture, "activities", in: scope, filter: ["text": "hay"], limit: 150).count == 4999)
        }
    }

    @Test func `what stages did, signed and noted is read of a task`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let step = JournalStep(
                step: 0, kind: .toolCall, name: "read_file", requestHash: "h", result: ["content": "c"])
            let discovery = try EventDraft(DiscoveryRecorded(content: "Tests are slow", tags: ["test"]))
            _ = try await fixture.store.recordStep(run.claim, step, events: [discovery])
            try await fixture.store.finish(run.claim)
            let validation = try await fixture.claim(.validation)
            try await fixture.store.finish(validation.claim, output: evidence(run.key.workflowID))
            let scope = QueryScope.task(try address("t1"))
            let call = try #require(try await items(fixture, "transcript", in: scope).first)
            #expect(call["name"] == "read_file" && call["kind"] == "tool_call" && call["stage"] == "implementation")
            #expect(call["result"] == ["content": "c"] && call["status"] == "done" && call["task_id"] == "t1")
            let signed = try #require(try await items(fixture, "evidence", in: scope).first)
            #expect(signed["signature"] == "c2lnbmF0dXJl" && signed["evidence"]?["tree"] == .string(commits[2]))
            for scope in [scope, .company(Self.acme)] {
                let noted = try await items(fixture, "discoveries", in: scope)
                #expect(noted.map { $0["content"] } == ["Tests are slow"] && noted.first?["tags"] == ["test"])
            }
            let push = try await fixture.claim(.push)
            _ = try await fixture.store.emit(
                push.claim, [try EventDraft(ChangesPushed(branchName: "feat/x", commitHash: commits[3]))])
            for scope in [scope, .company(Self.acme), .platform] {
                let pushed = try #require(try await items(fixture, "pushes", in: scope).first)
                #expect(pushed["branch_name"] == "feat/x" && pushed["commit_hash"] == .string(commits[3]))
                #expect(pushed["remote_url"] == "https://example.org/repository.git")
            }
        }
    }

    @Test func `the queue says why each task waits, from what a claim asks`() async throws {
        try await withStore { fixture in
            func waits() async throws -> [String: JSONValue] {
                let pairs = try await items(fixture, "queue").map {
                    ($0["task_id"]?.stringValue ?? "", $0["waits_for"] ?? 0)
                }
                return Dictionary(pairs) { first, _ in first }
            }
            try await fixture.submit("approved") { $0.delivery.approval = .plan }
            try await fixture.store.finish(try await fixture.claim().claim)
            try await fixture.submit("retried")
            _ = try await fixture.store.release(try await fixture.claim().claim, after: .seconds(60), error: "e")
            try await fixture.submit("running")
            _ = try await fixture.claim()
            for task in ["paused", "limited", "first"] { try await fixture.submit(task) }
            _ = try await fixture.store.control(try address("paused"), .pause)
            try await fixture.submit("second", dependencies: ["first"])
            try await fixture.store.set(CompanyLimit(company: "acme", maxRunning: 1))
            try await fixture.submit("free", company: "globex")
            let expected: [String: JSONValue] = [
                "approved": "approval", "retried": "retry", "running": .null, "paused": "pause", "limited": "limit",
                "first": "limit", "second": "dependency", "free": "worker",
            ]
            #expect(try await waits() == expected)
            try await fixture.run("update stage_runs set lease_until = now() - interval '1 s' where state = 'leased'")
            let claimable = try await waits().filter { $0.value == "worker" }.keys.sorted()
            #expect(claimable == ["free", "running"])
            let leased = try await items(fixture, "queue", filter: ["status": "leased"])
            #expect(leased.allSatisfy { $0["claimed_by"] == .string(fixture.owner.text) && $0["claimed_at"] != .null })
            #expect(try await items(fixture, "queue", filter: ["kind": "push"]).isEmpty)
            var claimed: Set<String> = []
            for row in StepKind.rows {
                while let run = try await fixture.store.claim(row.kind, owner: fixture.owner, lease: lease) {
                    claimed.insert(run.record.address.task.text)
                }
            }
            #expect(claimed == Set(claimable))
        }
    }

    @Test func `what the platform's own endpoint said is told to operators alone`() async throws {
        try await withStore { fixture in
            for (task, url) in [("t1", nil), ("t2", "https://hooks.example")] {
                let id = try await fixture.submit(task) { $0.delivery.webhookURL = url }
                _ = try await fixture.store.end(workflow: id, as: .stuck)
            }
            let attempt = WebhookAttempt(
                statusCode: 500, error: "down", durationMilliseconds: 12, responseExcerpt: "internal")
            for delivery in try await fixture.store.claimWebhooks(owner: fixture.owner, lease: lease).deliveries {
                try await fixture.store.recordAttempt(delivery, .dead, attempt, endpoint: delivery.url)
            }
            let all = try await items(fixture, "webhooks", filter: ["status": ["dead", "delivered"]])
            #expect(all.map { $0["last_error"] } == ["down", "down"] && all.allSatisfy { $0["status"] == "dead" })
            #expect(try await items(fixture, "webhooks", filter: ["status": "delivered"]).isEmpty)
            let own = try await items(fixture, "webhooks", in: .company(Self.acme))
            #expect(own.map { $0["last_error"] } == ["down", .null])
            for (task, excerpt) in [("t1", JSONValue.null), ("t2", "internal")] {
                let tried = try await items(fixture, "attempts", in: .task(try address(task)))
                #expect(tried.map { $0["response_excerpt"] } == [excerpt])
                #expect(tried.first?["status_code"] == 500 && tried.first?["duration_ms"] == 12)
            }
            #expect(try await items(fixture, "attempts").map { $0["response_excerpt"] } == ["internal", "internal"])
        }
    }
}
