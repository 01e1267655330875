import Contracts
import Foundation
import Foundations
import TestSupport
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

    @Test func `lines of logs are a stream for who asks for one, by the same filters as the list`() async throws {
        let token = fixture.record.token(.viewer, company: "acme")
        func ask(_ target: String, _ more: [String: String] = [:]) async -> Answer {
            await fixture.ask(.get, target, ["accept": "text/event-stream"].merging(more) { $1 }, token: token)
        }
        for target in [
            "/api/v1/logs", "/api/v1/logs?project=web&company=acme", "/api/v1/logs?after=7",
            "/api/v1/logs?service=coder,planner&service=pusher&level=warning&task=acme/web/fix&text=x",
            "/api/v1/tasks/acme/web/fix/logs?level=error",
        ] {
            let answer = await ask(target)
            #expect(answer.header("content-type") == "text/event-stream", "\(target): \(answer.text)")
        }
        for (target, status) in [
            ("/api/v1/logs?level=loud", 422), ("/api/v1/logs?service=x", 422), ("/api/v1/logs?task=x", 422),
            ("/api/v1/logs?text=", 422), ("/api/v1/logs?limit=5", 400), ("/api/v1/logs?after=x", 400),
            ("/api/v1/logs?since=2026-01-02T03:04:05Z", 400), ("/api/v1/logs?company=globex", 403),
            ("/api/v1/tasks/globex/web/fix/logs", 403),
        ] {
            #expect(await ask(target).status == status, "\(target)")
        }
        #expect(await ask("/api/v1/logs", ["last-event-id": "-1"]).status == 400)
        #expect(await self.ask("/api/v1/logs?after=7&service=coder").status == 200)
        #expect(fixture.record.asked.last?.request.filter == ["after": 7, "service": ["coder"]])
    }

    @Test func `who follows logs sees the lines of his own company, without what operators need`() async throws {
        fixture.record.logLines.write("nobody's")
        let wanted = fixture.record.logLines.write("own", task: "fix")
        for (company, ids) in [("acme", [wanted]), (nil, [wanted - 3, wanted]), ("globex", [])] as [(String?, [Int])] {
            let token = fixture.record.token(.viewer, company: company)
            let answer = await fixture.ask(
                .get, "/api/v1/logs?after=0", ["accept": "text/event-stream"], token: token)
            guard case .stream(let stream) = answer.body else { throw StreamClient.Gone() }
            let client = StreamClient()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await stream.write(to: client.connection()) }
                // The first place is where it begins, the lines are written after it.
                try await eventually("the lines") { client.lastID != nil && client.seen.count >= ids.count }
                stream.end()
                try await group.waitForAll()
            }
            #expect(client.seen.compactMap { Int($0.id) } == ids)
            for line in client.seen {
                #expect(line.data.contains("the disk is full") == (company == nil))
                #expect(line.data.contains("coder-1") == (company == nil))
            }
        }
    }
}
