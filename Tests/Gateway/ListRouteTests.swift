import Contracts
import Foundation
import Foundations
import Testing

@testable import GatewayService

@Suite struct ListRouteTests {
    private let fixture = Fixture()

    private func ask(_ target: String, company: String? = nil) async -> Answer {
        await fixture.ask(.get, target, token: fixture.record.token(.viewer, company: company))
    }

    @Test func `a page is asked for as on the bus`() async throws {
        let answer = await ask(
            "/api/v1/tasks?company=acme&project=web&status=running,queued&status=paused&limit=7&cursor=c")
        #expect(answer.status == 200)
        #expect(try answer.json()["cursor"] == "next")
        let asked = try #require(fixture.record.asked.last)
        #expect(asked.scope == .project(CompanyID(validated: "acme"), ProjectID(validated: "web")))
        let filter: [String: JSONValue] = ["status": ["running", "queued", "paused"]]
        #expect(asked.request == QueryRequest("tasks", filter: filter, limit: 7, cursor: "c"))
    }

    @Test func `a token's company bounds what is seen, whatever is asked for`() async throws {
        #expect(await ask("/api/v1/tasks").status == 200)
        #expect(fixture.record.asked.last?.scope == .platform)
        #expect(await ask("/api/v1/tasks", company: "globex").status == 200)
        #expect(fixture.record.asked.last?.scope == .company(CompanyID(validated: "globex")))
        let count = fixture.record.asked.count
        for target in [
            "/api/v1/tasks?company=acme", "/api/v1/queue?company=acme&project=web", "/api/v1/tasks/acme/web/fix",
            "/api/v1/tasks/acme/web/fix/transcript", "/api/v1/tasks/acme/web/fix/diff",
        ] {
            #expect(await ask(target, company: "globex").status == 403, "\(target)")
        }
        #expect(fixture.record.asked.count == count && fixture.door.asked.isEmpty)
    }

    @Test func `a list of a task is asked of that task, and of one that there is not`() async throws {
        #expect(await ask("/api/v1/tasks/acme/web/fix/events?since=7").status == 200)
        let asked = try #require(fixture.record.asked.last)
        #expect(asked.scope == .task(MemoryRecord.address) && asked.request.filter == ["since": 7])
        #expect(await ask("/api/v1/tasks/acme/web/none/events").status == 404)
    }

    @Test func `events are a stream for who asks for one`() async throws {
        let token = fixture.record.token(.viewer)
        let headers = ["accept": "text/event-stream"]
        let path = "/api/v1/tasks/acme/web/fix/events"
        let answer = await fixture.ask(.get, path, headers, token: token)
        #expect(answer.header("content-type") == "text/event-stream")
        guard case .stream = answer.body else {
            Issue.record("no stream")
            return
        }
        #expect(await fixture.ask(.get, "/api/v1/tasks/acme/web/none/events", headers, token: token).status == 404)
        for id in ["x", "-1", "1.5"] {
            let headers = headers.merging(["last-event-id": id]) { $1 }
            #expect(await fixture.ask(.get, path, headers, token: token).status == 400)
            #expect(await fixture.ask(.get, "/api/v1/events", headers, token: token).status == 400)
        }
    }
}
