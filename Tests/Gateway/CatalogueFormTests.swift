import Foundations
import GatewayPages
import Testing

@testable import GatewayService

/// Specs of the catalogue as fields of a form, and back.
@Suite struct CatalogueFormTests {
    private let page = Form.project(.init(), of: (company: "acme", name: "web"))
    private let spec: JSONValue = [
        "type": "game", "tags": ["a", "b"], "agent": ["max_cost_usd": 2.5, "mode": "team"],
        "validation": ["commands": ["cat <<X\nx\nX", "make"]], "delivery": ["push": true],
        "repository": ["remote_url": "https://git.example/web.git", "credentials": ["sealed": ""]],
    ]

    /// The spec of the form as a browser sends it back, with changes.
    private func sent(_ changes: [String: String] = [:]) throws -> JSONValue {
        let fields = CatalogueForm.values(spec).merging(changes) { $1 }
        let pairs = fields.map { "\($0.key)=\($0.value.replacing("\n", with: "\r\n").percentEncoded)" }
        let form = try SentForm(Array(pairs.joined(separator: "&").utf8))
        return try CatalogueForm.spec(form, of: page, over: spec)
    }

    @Test func `what nobody changed stays as it is, also what lines cannot say`() throws {
        #expect(try sent() == spec)
    }

    @Test func `what is changed is said anew, and what is emptied is left open`() throws {
        let changed = try sent(["validation.commands": "make\n\n make test", "type": "", "agent.max_cost_usd": ""])
        #expect(changed["validation"] == ["commands": ["make", "make test"]])
        #expect(changed["type"] == nil)
        #expect(changed["agent"] == ["mode": "team"])
    }

    @Test func `an access token takes the place of the credentials that there are`() throws {
        let changed = try sent(["repository.credentials.access_token": "t"])
        let credentials: JSONValue = ["credential_type": "access_token", "access_token": "t"]
        #expect(changed["repository"]?["credentials"] == credentials)
    }

    @Test func `what is no number is refused by its name`() {
        let error = #expect(throws: Problem.self) { try sent(["agent.max_cost_usd": "much"]) }
        #expect(error?.status == 400 && error?.detail.hasPrefix("agent.max_cost_usd: ") == true)
    }
}
