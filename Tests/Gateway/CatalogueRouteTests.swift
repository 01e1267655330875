import Contracts
import Foundation
import Foundations
import Testing

@testable import GatewayService

@Suite struct CatalogueRouteTests {
    private let fixture = Fixture()
    private let acme = CompanyID(validated: "acme")

    private func ask(
        _ method: Call.Method, _ target: String, _ role: AccessRole = .admin, company: String? = nil, body: String = ""
    ) async -> Answer {
        await fixture.ask(method, target, json, body: body, token: fixture.record.token(role, company: company))
    }

    @Test func `an object stands where the path says, as on the bus`() async throws {
        for (path, subject) in [
            ("/api/v1/companies/acme/projects/web", "acme.web.-"), ("/api/v1/companies/acme/settings", "acme.-.-"),
            ("/api/v1/limits", "-.-.-"),
        ] {
            let shown = await ask(.get, "\(path)?version=1", .viewer)
            #expect(shown.status == 200, "\(path)")
            #expect(try shown.json()["version"] == 1)
            #expect(try shown.json()["spec"]?["description"] == .string(subject))
            let defined = await ask(.put, path, body: #"{"description": "x"}"#)
            #expect(defined.status == 200)
            #expect(try defined.json() == ["version": 3, "created": true])
            let asked = try #require(fixture.door.asked.last)
            #expect(asked.type == .define && asked.address.tokens == subject)
            #expect(asked.body["spec"] == ["description": "x"] && asked.body["actor"] == "somebody")
            #expect(await ask(.delete, path).status == 200)
            #expect(fixture.door.asked.last?.type == .remove)
        }
        #expect(await ask(.get, "/api/v1/companies/acme/projects/none").status == 404)
    }

    @Test func `a list is asked for as on the bus, and of one's own company alone`() async throws {
        let target = "/api/v1/projects?status=active,paused&type=general&limit=7&cursor=c"
        #expect(await ask(.get, target, .viewer, company: "acme").status == 200)
        let asked = try #require(fixture.record.asked.last)
        #expect(asked.scope == .company(acme))
        let filter: [String: JSONValue] = ["status": ["active", "paused"], "type": ["general"]]
        #expect(asked.request == QueryRequest("project", filter: filter, limit: 7, cursor: "c"))
        #expect(await ask(.get, "/api/v1/companies/acme/projects", .viewer).status == 200)
        #expect(fixture.record.asked.last?.scope == .company(acme))
        #expect(await ask(.get, "/api/v1/companies/acme/projects", company: "globex").status == 403)
        #expect(await ask(.get, "/api/v1/projects?company=acme", company: "globex").status == 403)
    }

    @Test func `what bounds a company its own tokens can see and not change`() async {
        for path in ["/api/v1/companies/acme/limits", "/api/v1/companies/acme/settings"] {
            #expect(await ask(.get, path, company: "acme").status == 200)
            #expect(await ask(.put, path, company: "acme", body: "{}").status == 403)
            #expect(await ask(.delete, path, company: "acme").status == 403)
        }
        #expect(await ask(.get, "/api/v1/settings", company: "acme").status == 403)
        #expect(fixture.door.asked.isEmpty)
        let project = "/api/v1/companies/acme/projects/web"
        #expect(await ask(.put, project, .operator, company: "acme", body: "{}").status == 200)
    }
}
