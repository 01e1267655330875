import Contracts
import Foundation
import Foundations
import Testing

@testable import GatewayService

@Suite struct DispatcherTests {
    @Test func `a request under a foreign name learns nothing, whatever it shows`() async throws {
        let fixture = Fixture()
        let token = fixture.record.token(.admin)
        for target in ["/healthz", "/api/v1/tasks", "/nowhere"] {
            let answer = await fixture.ask(.get, target, token: token, authority: "evil.example:5000")
            #expect(answer.status == 421)
        }
    }

    @Test func `a page of another origin may ask for nothing`() async throws {
        let fixture = Fixture(isOpen: true)
        for origin in ["http://evil.example", "null"] {
            let answer = await fixture.ask(.get, "/api/v1/tasks", ["origin": origin])
            #expect(answer.status == 403)
        }
        let token = fixture.record.token(.viewer)
        let own = await fixture.ask(.get, "/api/v1/tasks", ["origin": "http://127.0.0.1:5000"], token: token)
        #expect(own.status == 200)
    }

    @Test func `where programs of this host need no token, browsers and other hosts do`() async throws {
        let fixture = Fixture(isOpen: true)
        #expect(await fixture.ask(.get, "/api/v1/tasks").status == 200)
        #expect(await fixture.ask(.get, "/api/v1/tasks", isLocal: false).status == 401)
        for header in ["origin": "http://127.0.0.1:5000", "sec-fetch-site": "none", "x-forwarded-for": "10.0.0.1"] {
            let answer = await fixture.ask(.get, "/api/v1/tasks", [header.key: header.value])
            #expect(answer.status == 401, "\(header.key)")
        }
        #expect(await Fixture().ask(.get, "/api/v1/tasks").status == 401)
    }

    @Test func `an error is a problem document that says what is wrong`() async throws {
        let fixture = Fixture()
        let token = fixture.record.token(.viewer)
        let answer = await fixture.ask(.get, "/api/v1/tasks/acme/web/none", token: token)
        #expect(answer.status == 404 && answer.header("content-type") == "application/problem+json")
        let problem = try answer.json()
        #expect(problem["status"] == 404 && problem["code"] == "not_found" && problem["title"] == "Not Found")
        #expect(problem["type"] == "about:blank" && problem["detail"]?.stringValue?.isEmpty == false)
    }

    @Test func `another method than a route has is told which it has`() async throws {
        let fixture = Fixture()
        let answer = await fixture.ask(.delete, "/api/v1/tasks", token: fixture.record.token(.admin))
        #expect(answer.status == 405 && answer.header("allow") == "GET, HEAD, POST")
    }

    @Test(arguments: ["/api/v1/tasks/acme/web", "/api/v1/nothing", "/api/v1/tasks/", "//api/task", "/api/v1/reports/x"])
    func `what is not built is not there`(_ target: String) async throws {
        let fixture = Fixture()
        #expect(await fixture.ask(.get, target, token: fixture.record.token(.admin)).status == 404)
    }

    @Test(arguments: [
        "/api/v1/tasks?limit=0", "/api/v1/tasks?limit=x", "/api/v1/tasks?color=red", "/api/v1/tasks?limit=1&limit=2",
        "/api/v1/tasks?company=a.b", "/api/v1/tasks?project=web", "/api/v1/tasks/a%20b/web/fix",
        "/api/v1/tasks/%zz/web/fix",
        "/api/v1/tasks?cursor=%00", "/api/v1/tasks/-/-/-",
    ])
    func `a mistake in the address is named`(_ target: String) async throws {
        let fixture = Fixture()
        let answer = await fixture.ask(.get, target, token: fixture.record.token(.admin))
        #expect(answer.status == 400 && answer.code == "invalid_request", "\(answer.text)")
    }

    @Test func `a body is read as far as its route allows, and only for who may send one`() async throws {
        let fixture = Fixture()
        let large = String(repeating: "x", count: TaskRequest.maximumBytes + 1)
        let viewer = fixture.record.token(.viewer)
        #expect(await fixture.ask(.post, "/api/v1/tasks", json, body: large, token: viewer).status == 403)
        let `operator` = fixture.record.token(.operator)
        let answer = await fixture.ask(.post, "/api/v1/tasks", json, body: large, token: `operator`)
        #expect(answer.status == 413 && answer.code == "too_large")
    }

    @Test func `an answer makes a browser do nothing that is not ours`() async throws {
        let answer = await Fixture().ask(.get, "/sign-in")
        let policy = try #require(answer.header("content-security-policy"))
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
        #expect(answer.header("x-content-type-options") == "nosniff" && answer.header("cache-control") == "no-store")
        // Nothing inline.
        #expect(!answer.text.contains("<script>") && !answer.text.contains("style="))
    }

    @Test func `what is large is compressed for who takes it`() async throws {
        let fixture = Fixture()
        let token = fixture.record.token(.viewer)
        let answer = await fixture.ask(.get, "/api/v1/tasks", token: token)
        for (accepted, isCompressed) in [
            ("gzip", true), ("br, gzip;q=0.5", true), ("identity", false), ("gzip;q=0", false), ("", false),
        ] {
            let call = try Call(.get, "/", headers: ["accept-encoding": accepted])
            #expect((answer.compressed(for: call).header("content-encoding") == "gzip") == isCompressed, "\(accepted)")
        }
    }
}
