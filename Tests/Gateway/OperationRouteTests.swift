import Contracts
import Foundation
import Foundations
import Testing

@testable import GatewayService

@Suite struct OperationRouteTests {
    private let fixture = Fixture()

    private func ask(_ target: String, _ body: String, company: String? = nil) async -> Answer {
        await fixture.ask(
            .post, target, json, body: body, token: fixture.record.token(.operator, company: company, name: "ada"))
    }

    @Test func `the platform, a company and a replica are asked by the token's name`() async throws {
        let cases: [(path: String, company: CompanyID, replica: String?)] = [
            ("/api/v1/control", .all, nil), ("/api/v1/control", .all, "coder-2"),
            ("/api/v1/companies/acme/control", CompanyID(validated: "acme"), nil),
        ]
        for (path, company, replica) in cases {
            let request = try OperationRequest(.pause, replica: replica, actor: "somebody else").json.text()
            #expect(await ask(path, request).status == 200)
            let asked = try #require(fixture.door.asked.last)
            #expect(asked.type == .control && asked.address.company == company && asked.address.task == .all)
            #expect(asked.body == OperationRequest(.pause, replica: replica, actor: "ada").json)
        }
    }

    @Test func `a company's token asks for its company alone`() async {
        let body = #"{"action": "pause"}"#
        #expect(await ask("/api/v1/companies/acme/control", body, company: "acme").status == 200)
        let count = fixture.door.asked.count
        #expect(await ask("/api/v1/companies/globex/control", body, company: "acme").status == 403)
        #expect(await ask("/api/v1/control", body, company: "acme").status == 403)
        #expect(fixture.door.asked.count == count)
    }

    @Test func `what there is not is refused`() async {
        #expect(await ask("/api/v1/control", #"{"action": "explode"}"#).status == 422)
        #expect(await ask("/api/v1/control", #"{"action": "drain"}"#).status == 422)
    }
}
