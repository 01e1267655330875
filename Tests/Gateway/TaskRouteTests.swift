import Contracts
import Foundation
import Foundations
import Testing

@testable import GatewayService

@Suite struct TaskRouteTests {
    private let fixture = Fixture()
    private let text = ["content-type": "text/plain"]

    private func add(
        _ body: String, _ headers: [String: String] = json, company: String? = nil, to other: Fixture? = nil
    ) async -> Answer {
        let fixture = other ?? fixture
        let token = fixture.record.token(.operator, company: company)
        return await fixture.ask(.post, "/api/task", headers, body: body, token: token)
    }

    @Test func `a description is enough for a task, as JSON and as text`() async throws {
        for (body, headers) in [
            (#"{"description": "Create a health check\nas others have"}"#, json),
            ("Create a health check\nas others have", text), ("Create a health check\r\nas others have\n", text),
        ] {
            let answer = await add(body, headers)
            #expect(answer.status == 201, "\(answer.text)")
            let asked = try #require(fixture.door.asked.last)
            #expect(
                asked.type == .submit && asked.address.company.text == "acme" && asked.address.project.text == "web")
            let task = try #require(asked.body["task"])
            #expect(
                task["title"] == "Create a health check" && task["company_id"] == "acme" && task["project_id"] == "web")
            #expect(task["description"]?.stringValue?.hasPrefix("Create a health check") == true)
            #expect(asked.body["repository"] == nil && task["priority"] == nil)
            let place = "/api/v1/tasks/acme/web/\(asked.address.task)"
            #expect(answer.header("location") == place)
            #expect(try answer.json()["url"] == .string(place))
        }
    }

    @Test func `priority, title, project and metadata are passed on`() async throws {
        _ = await add(
            #"{"description": "d", "priority": "high", "title": "t", "project": "globex/site", "metadata": {"a": 1}}"#)
        let asked = try #require(fixture.door.asked.last)
        #expect(asked.address.company.text == "globex" && asked.address.project.text == "site")
        let task = asked.body["task"]
        #expect(task?["priority"] == "high" && task?["title"] == "t" && task?["metadata"] == ["a": 1])
    }

    @Test func `a token's company is that of its tasks, and no other's is`() async throws {
        #expect(await add(#"{"description": "d", "project": "site"}"#, company: "globex").status == 201)
        #expect(fixture.door.asked.last?.address.company.text == "globex")
        #expect(await add(#"{"description": "d"}"#, company: "globex").status == 403)
        #expect(await add(#"{"description": "d", "project": "acme/web"}"#, company: "globex").status == 403)
        #expect(fixture.door.asked.count == 1)
    }

    @Test(arguments: [
        (#"{"description": 5}"#, "application/json", 422), ("{}", "application/json", 422),
        ("{", "application/json", 400),
        ("[]", "application/json", 422), (#"{"description": "d", "project": "a/b/c"}"#, "application/json", 422),
        ("", "text/plain", 422), ("x=y", "application/x-www-form-urlencoded", 415), ("x", "", 415),
    ])
    func `a body that is no task is refused`(_ body: String, _ type: String, _ status: Int) async throws {
        let answer = await add(body, ["content-type": type])
        #expect(answer.status == status, "\(answer.text)")
        #expect(fixture.door.asked.isEmpty)
    }

    @Test func `without a project of its own or of the settings there is no task`() async throws {
        #expect(await add(#"{"description": "d"}"#, to: Fixture(project: nil)).status == 422)
    }

    @Test func `a key makes one task of a request that is sent again, at any gateway`() async throws {
        let body = #"{"description": "d"}"#
        var ids: [TaskID] = []
        for (key, fixture) in [("k1", fixture), ("\"k1\"", Fixture()), ("k2", fixture)] {
            let answer = await add(body, json.merging(["idempotency-key": key]) { $1 }, to: fixture)
            #expect(answer.status == 201)
            ids.append(try #require(fixture.door.asked.last).address.task)
        }
        #expect(ids[0] == ids[1] && ids[0] != ids[2])
        _ = await add(body)
        _ = await add(body)
        #expect(Set(fixture.door.asked.map(\.address.task)).count == fixture.door.asked.count)
        for key in ["", String(repeating: "k", count: 256), "ö"] {
            #expect(await add(body, json.merging(["idempotency-key": key]) { $1 }).status == 400, "\(key)")
        }
    }

    @Test func `other content under a key is refused as such, other content under an id as a conflict`() async throws {
        fixture.door.refuse(Problem(code: "conflict", message: "task.id: taken"))
        let body = #"{"description": "d"}"#
        #expect(await add(body, json.merging(["idempotency-key": "k"]) { $1 }).status == 422)
        #expect(await add(body).status == 409)
    }

    @Test func `a submission is passed on as it is, with an id where it has none`() async throws {
        let token = fixture.record.token(.operator)
        let named =
            #"{"task": {"id": "t1", "company_id": "acme", "project_id": "web", "title": "t"}, "agent": {"model": "m"}}"#
        let answer = await fixture.ask(.post, "/api/v1/tasks", json, body: named, token: token)
        #expect(answer.status == 201 && answer.header("location") == "/api/v1/tasks/acme/web/t1")
        #expect(try fixture.door.asked.last?.body == JSONValue(parsing: named))
        let unnamed = #"{"task": {"company_id": "acme", "project_id": "web", "title": "t"}}"#
        let headers = json.merging(["idempotency-key": "k"]) { $1 }
        for _ in 0..<2 {
            #expect(await fixture.ask(.post, "/api/v1/tasks", headers, body: unnamed, token: token).status == 201)
        }
        let ids = fixture.door.asked.suffix(2).map(\.address.task)
        #expect(ids[0] == ids[1] && fixture.door.asked.last?.body["task"]?["id"] == .string(ids[0].text))
    }

    @Test func `what the front door refuses has the status of its code`() async throws {
        for (code, status) in [
            ("not_found", 404), ("conflict", 409), ("already_ended", 409), ("not_possible", 409), ("unavailable", 503),
            ("over_limit", 429), ("invalid_request", 422), ("cycle", 422), ("forbidden", 403),
        ] {
            fixture.door.refuse(Problem(code: code, message: "m"))
            let answer = await add(#"{"description": "d"}"#)
            #expect(answer.status == status && answer.code == code)
            #expect((answer.header("retry-after") != nil) == (status == 503))
        }
    }

    @Test func `the actor of a control is the token's name`() async throws {
        let token = fixture.record.token(.operator, name: "ci")
        let path = "/api/v1/tasks/acme/web/fix/control"
        let body = #"{"action": "steer", "message": "m", "actor": "somebody else"}"#
        #expect(await fixture.ask(.post, path, json, body: body, token: token).status == 200)
        #expect(fixture.door.asked.last?.body == ["action": "steer", "message": "m", "actor": "ci"])
        #expect(await fixture.ask(.post, path, json, body: #"{"action": "dance"}"#, token: token).status == 422)
    }
}
