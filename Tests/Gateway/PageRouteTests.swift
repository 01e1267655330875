import Contracts
import Cryptography
import Foundation
import Foundations
import TestSupport
import Testing

@testable import GatewayService

@Suite struct PageRouteTests {
    private let fixture = Fixture()

    /// What a browser sends that signed in with a role.
    private func browser(_ role: AccessRole) async throws -> (headers: [String: String], secret: String) {
        let answer = await fixture.ask(.get, "/sign-in?code=\(fixture.record.invite(role).reveal())")
        let cookie = String(try #require(answer.header("set-cookie")).prefix { $0 != ";" })
        let session = Secret(String(cookie.drop { $0 != "=" }.dropFirst()))
        return (
            ["cookie": cookie, "content-type": "application/x-www-form-urlencoded"], AccessToken.formSecret(of: session)
        )
    }

    @Test(arguments: [
        "/", "/tasks", "/queue", "/tasks/new", "/tasks?status=running&company=acme", "/projects", "/projects/acme/web",
        "/settings", "/settings?company=acme", "/reports", "/logs", "/logs?service=coder&level=warning", "/models",
    ])
    func `a page is shown to who signed in, and others are asked to`(_ path: String) async throws {
        let (headers, secret) = try await browser(.operator)
        let answer = await fixture.ask(.get, path, headers)
        #expect(answer.status == 200 && answer.header("content-type") == "text/html; charset=utf-8")
        #expect(answer.text.contains("<!doctype html>") && answer.text.contains(secret))
        let stranger = await fixture.ask(.get, path)
        #expect(stranger.status == 303 && stranger.header("location") == "/sign-in")
    }

    @Test func `what changes on a page is a stream, of pages that there are and of what one may see`() async throws {
        let token = fixture.record.token(.viewer, company: "acme")
        for (at, status) in [
            ("/", 200), ("/tasks?status=running", 200), ("/queue", 200), ("/models", 403),
            ("/tasks/acme/web/fix", 200),
            ("/logs", 200), ("/logs?service=coder&level=warning&text=x", 200), ("/logs?task=x", 422),
            ("/tasks/globex/web/fix", 403), ("/nothing", 404), ("/tasks/a.b/web/fix", 400),
        ] {
            let answer = await fixture.ask(.get, "/stream?at=\(at.percentEncoded)", token: token)
            #expect(answer.status == status, "\(at)")
            #expect((answer.header("content-type") == "text/event-stream") == (status == 200))
        }
    }

    @Test func `the page of logs is told of the lines behind those that it shows, as it filters them`() async throws {
        let (headers, _) = try await browser(.viewer)
        let last = fixture.record.logLines.write("before")
        let page = await fixture.ask(.get, "/logs?level=warning", headers)
        let shown = try #require(page.text.firstMatch(of: #/data-stream="([^"]+)"/#))
        let path = String(shown.1).replacing("&amp;", with: "&")
        #expect(path.hasSuffix("&from=\(last)"))
        // Older lines are not followed.
        #expect(await !fixture.ask(.get, "/logs?cursor=next", headers).text.contains("data-stream"))
        fixture.record.logLines.write("passed over")
        let wanted = fixture.record.logLines.write("<b>", level: "error", task: "fix")
        let answer = await fixture.ask(.get, path, headers)
        guard case .stream(let stream) = answer.body else { throw StreamClient.Gone() }
        let client = StreamClient()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stream.write(to: client.connection()) }
            try await eventually("the line") { !client.seen.isEmpty }
            stream.end()
            try await group.waitForAll()
        }
        #expect(client.seen.map(\.id) == ["\(wanted)"] && client.seen.map(\.name) == ["append"])
        let markup = try #require(client.seen.first?.data)
        #expect(markup.contains("id=\"line-\(wanted)\" data-into=\"log-lines\"") && markup.contains("&lt;b&gt;"))
        #expect(markup.contains("/tasks/acme/web/fix"))
    }

    @Test func `versions are shown with who defined them, and a company can be paused where its settings are`()
        async throws
    {
        let (headers, secret) = try await browser(.operator)
        for path in ["/projects/acme/web", "/settings", "/settings?company=acme"] {
            let page = await fixture.ask(.get, path, headers).text
            #expect(page.contains("id=\"versions\"") && page.contains("<td>ann</td>"), "\(path)")
            #expect(page.contains("/actions/companies/acme") == path.contains("="), "\(path)")
        }
        let body = "csrf=\(secret)&action=pause&back=/settings%3Fcompany%3Dacme"
        let answer = await fixture.ask(.post, "/actions/companies/acme", headers, body: body)
        #expect(answer.header("location") == "/settings?company=acme&done=asked")
        #expect(fixture.door.asked.last?.body == OperationRequest(.pause, actor: "local").json)
        #expect(fixture.door.asked.last?.address == QueryScope.company(CompanyID(validated: "acme")).address)
    }

    @Test func `an address without anything is a page that says so`() async throws {
        let (headers, _) = try await browser(.viewer)
        let answer = await fixture.ask(.get, "/tasks/acme/web/none", headers)
        #expect(answer.status == 404 && answer.text.contains("Not found"))
    }

    @Test func `a task that has changed nothing is shown, and that it has not`() async throws {
        let (headers, _) = try await browser(.viewer)
        fixture.door.refuse(Problem(code: "not_found", message: "the task has changed nothing"))
        let answer = await fixture.ask(.get, "/tasks/acme/web/fix?view=diff", headers)
        #expect(answer.status == 200 && answer.text.contains("The task has changed nothing."))
    }

    @Test func `a form of a task is a control of the front door`() async throws {
        let (headers, secret) = try await browser(.operator)
        let body = "csrf=\(secret)&back=/tasks%3Fstatus%3Drunning&action=steer&message=keep+it%0Asmall"
        let answer = await fixture.ask(.post, "/actions/tasks/acme/web/fix", headers, body: body)
        #expect(answer.status == 303 && answer.header("location") == "/tasks?status=running&done=steer")
        let asked = try #require(fixture.door.asked.last)
        #expect(asked.type == .control && asked.address == MemoryRecord.address)
        #expect(asked.body == ["action": "steer", "message": "keep it\nsmall", "actor": "local"])
    }

    @Test(arguments: ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
    func `a form leads back to a place of ours alone`(_ back: String) async throws {
        let (headers, secret) = try await browser(.operator)
        let body = "csrf=\(secret)&action=pause&back=\(back.percentEncoded)"
        let answer = await fixture.ask(.post, "/actions/tasks/acme/web/fix", headers, body: body)
        #expect(answer.header("location") == "/?done=pause")
    }

    @Test func `a task is added by its description, and what is wrong with it is said beside it`() async throws {
        let (headers, secret) = try await browser(.operator)
        let body = "csrf=\(secret)&description=Mend+it&project=acme/web&priority=3&approval=plan&max_cost_usd=2"
        let answer = await fixture.ask(.post, "/actions/tasks", headers, body: body)
        let asked = try #require(fixture.door.asked.last)
        #expect(answer.header("location") == "/tasks/acme/web/\(asked.address.task)?done=added")
        #expect(asked.body["task"]?["title"] == "Mend it" && asked.body["task"]?["priority"] == 3)
        #expect(asked.body["delivery"] == ["approval": "plan"] && asked.body["agent"] == ["max_cost_usd": 2.0])
        fixture.door.refuse(Problem(code: "invalid_request", message: "repository: missing"))
        let refused = await fixture.ask(.post, "/actions/tasks", headers, body: body)
        #expect(
            refused.status == 422 && refused.text.contains("repository: missing") && refused.text.contains("Mend it"))
    }

    @Test func `the form of a project keeps what it does not show`() async throws {
        let (headers, secret) = try await browser(.operator)
        let body =
            "csrf=\(secret)&company=acme&project=web&status=paused&validation.commands=make%0D%0Amake+test"
            + "&agent.max_cost_usd=2.5&delivery.push=false&repository.remote_url=https://git.example/web.git"
        let answer = await fixture.ask(.post, "/actions/projects", headers, body: body)
        #expect(answer.status == 303 && answer.header("location") == "/projects/acme/web?done=saved")
        let asked = try #require(fixture.door.asked.last)
        #expect(asked.type == .define && asked.address.project.text == "web" && asked.address.task == .all)
        let spec: JSONValue = [
            "status": "paused", "validation": ["commands": ["make", "make test"]], "agent": ["max_cost_usd": 2.5],
            "delivery": ["push": false], "repository": ["remote_url": "https://git.example/web.git"],
            "metadata": ["kept": true],
        ]
        #expect(asked.body["spec"] == spec)
        fixture.door.refuse(Problem(code: "invalid_request", message: "type: expected"))
        let refused = await fixture.ask(.post, "/actions/projects", headers, body: body)
        #expect(refused.status == 422 && refused.text.contains("type: expected") && refused.text.contains("make test"))
    }

    @Test func `settings and limits are the platform's, or a company's`() async throws {
        let (headers, secret) = try await browser(.admin)
        for (company, place) in [("&company=acme", "acme.-.-"), ("", "-.-.-")] {
            let body = "csrf=\(secret)\(company)&max_running=3&max_waiting="
            let answer = await fixture.ask(.post, "/actions/limits", headers, body: body)
            #expect(answer.status == 303)
            let asked = try #require(fixture.door.asked.last)
            #expect(asked.address.tokens == place)
            #expect(asked.body["spec"]?["max_running"] == 3 && asked.body["spec"]?["max_waiting"] == nil)
        }
        let settings = "csrf=\(secret)&fallbacks=a%0D%0Ab&worker_concurrency.coder=8&push=true"
        #expect(await fixture.ask(.post, "/actions/settings", headers, body: settings).status == 303)
        let spec = try #require(fixture.door.asked.last?.body["spec"])
        #expect(spec["fallbacks"] == ["a", "b"] && spec["push"] == true)
        #expect(spec["worker_concurrency"] == ["coder": 8])
    }

    @Test func `who sees a company alone holds that company, and is offered nothing of the platform`() async {
        let own = await fixture.ask(.get, "/", token: fixture.record.token(.operator, company: "acme")).text
        #expect(own.contains("action=\"/actions/companies/acme\"") && !own.contains("/actions/platform"))
        #expect(!own.contains("/actions/replicas/"))
        let all = await fixture.ask(.get, "/", token: fixture.record.token(.operator)).text
        #expect(all.contains("action=\"/actions/platform\"") && all.contains("/actions/replicas/"))
        let admin = await fixture.ask(.get, "/settings", token: fixture.record.token(.admin)).text
        #expect(admin.contains("<fieldset class=\"whole\">"))
        let bounded = await fixture.ask(.get, "/settings", token: fixture.record.token(.admin, company: "acme")).text
        #expect(bounded.contains("<fieldset class=\"whole\" disabled>"))
    }

    @Test func `several tasks are counted before anything happens to them`() async throws {
        let (headers, secret) = try await browser(.operator)
        let body = "csrf=\(secret)&action=pause&scope=selected&task=acme/web/fix"
        let asked = await fixture.ask(.post, "/actions/tasks/bulk", headers, body: body)
        #expect(asked.status == 200 && asked.text.contains("Pause 1 task?") && fixture.door.asked.isEmpty)
        let done = await fixture.ask(.post, "/actions/tasks/bulk", headers, body: body + "&confirmed=1&back=/tasks")
        #expect(done.header("location") == "/tasks?done=pause")
        #expect(fixture.door.asked.map(\.body) == [["action": "pause", "actor": "local"]])
    }

    @Test(arguments: [
        ("pause", "running", true), ("pause", "paused", false), ("resume", "paused", true),
        ("resume", "running", false),
        ("cancel", "queued", true), ("cancel", "completed", false), ("retry", "stuck", true),
        ("retry", "completed", false),
        ("retry", "running", false), ("approve", "awaiting_approval", true), ("cancel", "no status", false),
    ])
    func `what a task can do follows from its status`(_ action: String, _ status: String, _ isPossible: Bool) {
        #expect(BulkActions.isPossible(action, status) == isPossible)
    }
}
