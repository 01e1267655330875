import Contracts
import Cryptography
import Foundation
import Foundations
import FrontDesk
import Synchronization
import Testing

@testable import TaskStore

@Suite struct CatalogueDeskTests {
    private static let url = "https://git.example.com/web.git"
    private static let project = QueryScope.project(
        FrontDeskFixture.address.company, FrontDeskFixture.address.project
    ).address
    private static let company = QueryScope.company(FrontDeskFixture.address.company).address

    private func define(
        _ fixture: FrontDeskFixture, _ spec: JSONValue, kind: String = "project", at address: TaskAddress = project
    ) async throws -> Reply {
        try await fixture.ask(.define, DefineRequest(kind, spec).json, about: address)
    }

    private func repository(_ credentials: JSONValue) -> JSONValue {
        ["repository": ["remote_url": .string(Self.url), "credentials": credentials]]
    }

    @Test func `what is defined has a version, and the same again makes none`() async throws {
        let fixture = try FrontDeskFixture()
        let spec: JSONValue = ["description": "The shop", "status": "active", "type": nil, "tags": []]
        #expect(try await define(fixture, spec).fields() == ["version": 1, "created": true])
        #expect(try await define(fixture, ["description": "The shop"]).fields() == ["version": 1, "created": false])
        #expect(fixture.outlet.state.withLock { $0.notes } == ["defined project web, version 1"])
        let shown = try await fixture.ask(.describe, ["kind": "project"], about: Self.project).fields()
        #expect(shown == ["kind": "project", "name": "web", "version": 1, "spec": ["description": "The shop"]])
        #expect(try await fixture.ask(.remove, ["kind": "project"], about: Self.project).fields() == ["version": 1])
        for type in [RequestType.describe, .remove] {
            #expect(try await fixture.ask(type, ["kind": "project"], about: Self.project).code() == "not_found")
        }
    }

    @Test func `credentials are sealed for company and remote, and nobody is shown them`() async throws {
        let fixture = try FrontDeskFixture()
        let token: JSONValue = ["credential_type": "access_token", "access_token": "ghp_secret"]
        _ = try await define(fixture, repository(token)).fields()
        let object = try #require(fixture.record.state.withLock { $0.objects.first })
        #expect(object.spec == repository(["credential_type": "sealed", "sealed": ""]))
        let sealed = try #require(object.credentials?.new)
        let opened = try CredentialSeal.open(
            sealed.sealed, with: try #require(fixture.ring.sealing), company: FrontDeskFixture.address.company,
            remoteURL: Self.url)
        #expect(opened == .accessToken(Secret("ghp_secret"), username: nil))
        #expect(sealed.contentHash.hasPrefix("2:") && !sealed.contentHash.contains("ghp"))
        let shown = try await fixture.ask(.describe, ["kind": "project"], about: Self.project).fields()
        #expect(try !JSONValue.object(shown).text().contains("ghp_secret"))
        // The same credentials are known by their hash, in whatever seal.
        _ = try await define(fixture, repository(token)).fields()
        let hashes = fixture.record.state.withLock { $0.objects }.map { $0.credentials?.new?.contentHash }
        #expect(Set(hashes).count == 1)
    }

    @Test func `what is shown of credentials stands for those that there are`() async throws {
        let fixture = try FrontDeskFixture()
        let kept: JSONValue = ["credential_type": "sealed", "sealed": ""]
        #expect(
            try await define(fixture, repository(kept))
                == .error(
                    code: "invalid_request",
                    message: "repository.credentials.sealed: the project has no credentials for this remote that it "
                        + "could keep"))
        let token: JSONValue = ["credential_type": "access_token", "access_token": "ghp_secret"]
        _ = try await define(fixture, repository(token)).fields()
        let answer = try await define(fixture, repository(kept)).fields()
        #expect(answer["version"] == 2)
        #expect(fixture.record.state.withLock { $0.objects.last?.credentials?.new } == nil)
        let foreign = try FrontDeskFixture()
        let seal = try #require(fixture.record.state.withLock { $0.objects.first?.credentials?.new?.sealed })
        let reply = try await define(foreign, repository(["credential_type": "sealed", "sealed": .string(seal)]))
        #expect(try reply.code() == "credentials_unreadable")
    }

    @Test func `the operator's rules hold for a project's repository`() async throws {
        let fixture = try FrontDeskFixture()
        for (field, repository) in [
            ("repository.remote_url", ["remote_url": "https://127.0.0.1/web.git"]),
            ("repository.branch", ["remote_url": .string(Self.url), "branch": "a..b"]),
        ] as [(String, JSONValue)] {
            guard
                case .error("invalid_request", let message, _) = try await define(fixture, ["repository": repository])
            else {
                Issue.record("\(field) passed")
                continue
            }
            #expect(message.hasPrefix("\(field): "), "\(message)")
        }
    }

    @Test func `kinds that come later, other kinds, and kinds at another's place are refused by name`() async throws {
        let fixture = try FrontDeskFixture()
        let cases: [(String, TaskAddress, String)] = [
            ("workflow", Self.project, "kind: workflow is not built yet"),
            ("nonsense", Self.project, "kind: expected one of project, settings, limits"),
            (
                "project", Self.company,
                "kind: project stands at {company}.{project}.- of the subject, and not here"
            ),
            (
                "limits", Self.project,
                "kind: limits stands at -.-.- or {company}.-.- of the subject, and not here"
            ),
        ]
        for (kind, address, message) in cases {
            let expected = Reply.error(code: "invalid_request", message: message)
            #expect(try await define(fixture, [:], kind: kind, at: address) == expected)
            #expect(try await fixture.ask(.describe, ["kind": .string(kind)], about: address) == expected)
            #expect(try await fixture.ask(.remove, ["kind": .string(kind)], about: address) == expected)
        }
        #expect(try await fixture.ask(.list, ["kind": "session"], about: Self.company).code() == "invalid_request")
        #expect(try await fixture.ask(.define, ["kind": "project"], about: Self.project).code() == "invalid_request")
    }

    @Test func `replicas are told of settings, and of nothing else`() async throws {
        let fixture = try FrontDeskFixture()
        let platform = QueryScope.platform.address
        let steps: [(expected: Int, () async throws -> Reply)] = [
            (1, { try await self.define(fixture, ["max_retries": 1], kind: "settings", at: platform) }),
            (1, { try await self.define(fixture, ["max_retries": 1], kind: "settings", at: platform) }),
            (1, { try await self.define(fixture, ["max_running": 1], kind: "limits", at: platform) }),
            (2, { try await self.define(fixture, ["push": false], kind: "settings", at: Self.company) }),
            (3, { try await fixture.ask(.remove, ["kind": "settings"], about: Self.company) }),
        ]
        for (expected, step) in steps {
            _ = try await step().fields()
            #expect(fixture.outlet.state.withLock { $0.settingsTold } == expected)
        }
    }

    @Test func `a list is bounded by its subject`() async throws {
        let fixture = try FrontDeskFixture()
        let page = QueryPage(items: [["name": "web", "version": 1]], cursor: "next")
        fixture.record.state.withLock { $0.pages = [.company(FrontDeskFixture.address.company): page] }
        var request = ListRequest("project", filter: ["status": "active"], limit: 5)
        request.query.cursor = "c"
        let fields = try await fixture.ask(.list, request.json, about: Self.company).fields()
        #expect(QueryPage(fields) == page)
        #expect(fixture.record.state.withLock { $0.queries } == [request.query])
        let behind = TaskAddress(
            company: FrontDeskFixture.address.company, project: .all, task: FrontDeskFixture.address.task)
        #expect(try await fixture.ask(.list, request.json, about: behind).code() == "invalid_subject")
    }
}
