import Contracts
import Foundation
import Foundations
import GatewayPages
import Testing

@testable import GatewayService

@Suite struct VersionsTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    private func version(_ number: Int, _ spec: JSONValue, _ actor: String? = nil) -> CatalogueDescription {
        CatalogueDescription(
            kind: "project", name: "web", version: number, spec: spec,
            createdAt: now.addingTimeInterval(Double(number)), createdBy: actor)
    }

    @Test(
        arguments: [
            (nil, ["tags": ["a"]], "defined"), (["tags": ["a"]], ["tags": ["a"]], "defined again"),
            (["tags": ["a"]], ["tags": ["b"]], "tags"),
            (
                ["agent": ["model": "a", "max_cost_usd": 1], "type": "library"],
                ["agent": ["model": "b", "max_cost_usd": 1], "description": "x"], "agent.model, description, type"
            ),
            ([:], ["repository": ["remote_url": "u"]], "repository"),
        ] as [(JSONValue?, JSONValue, String)])
    func `a version says what it changed`(_ before: JSONValue?, _ spec: JSONValue, _ expected: String) {
        #expect(Versions.change(from: before, to: spec) == expected)
    }

    @Test func `versions have their number, their time and who defined them`() {
        let rows = Versions([version(2, ["a": 1], "ann"), version(1, [:])], now: now).rows
        #expect(rows.map(\.number) == [2, 1])
        #expect(rows.map(\.actor) == ["ann", "unknown"])
        #expect(rows.map(\.change) == ["a", "defined"])
    }

    @Test func `of many the newest are shown, the last of them with what it changed`() {
        let many = (1...30).reversed().map { version($0, ["n": .int($0)]) }
        let rows = Versions(Array(many.prefix(21)), now: now).rows
        #expect(rows.map(\.number) == Array((11...30).reversed()))
        #expect(rows.allSatisfy { $0.change == "n" })
    }

    @Test func `those of several objects are in the order of their time, and say what they are of`() {
        let settings = Versions([version(4, [:], "ann"), version(2, [:])], name: "settings", now: now)
        let both = settings + Versions([version(3, [:])], name: "limits", now: now)
        #expect(both.rows.map(\.number) == [4, 3, 2])
        #expect(both.rows.map(\.change) == ["Settings: defined again", "Limits: defined", "Settings: defined"])
    }
}
