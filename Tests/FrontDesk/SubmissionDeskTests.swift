import Contracts
import Cryptography
import Foundation
import Foundations
import FrontDesk
import Synchronization
import Testing

@testable import TaskStore

@Suite struct SubmissionDeskTests {
    private func submit(_ fixture: FrontDeskFixture, _ request: TaskRequest) async throws -> Reply {
        try await fixture.ask(.submit, request.json)
    }

    @Test func `a task is recorded once, published, and told to the asker`() async throws {
        let fixture = try FrontDeskFixture()
        let first = try await submit(fixture, FrontDeskFixture.request()).fields()
        let again = try await submit(fixture, FrontDeskFixture.request()).fields()
        #expect(first["duplicate"] == false && again["duplicate"] == true)
        #expect(first["workflow_id"] == again["workflow_id"])
        #expect(fixture.outlet.state.withLock { $0.published }.count == 1)
        #expect(fixture.outlet.state.withLock { $0.notes } == ["accepted", "known"])
    }

    @Test func `what is refused is kept, and told with the reason`() async throws {
        let fixture = try FrontDeskFixture()
        _ = try await submit(fixture, FrontDeskFixture.request())
        let reply = try await submit(fixture, FrontDeskFixture.request { $0.task.title = "Something else" })
        #expect(try reply.code() == "conflict")
        let kept = fixture.record.state.withLock { $0.rejections }
        #expect(kept.map(\.code) == ["conflict"] && kept.map(\.field) == ["task.id"])
        #expect(fixture.outlet.state.withLock { $0.published }.count == 2)
        #expect(fixture.outlet.state.withLock { $0.notes }.last?.hasPrefix("refused conflict") == true)
    }

    @Test func `a message of the stream is recorded or refused once, however often it is delivered`() async throws {
        let fixture = try FrontDeskFixture()
        let body = try FrontDeskFixture.request().json.data()
        for _ in 0..<2 {
            let message = ClientMessage(subject: "s", address: FrontDeskFixture.address, body: body, trace: nil)
            try await fixture.submissions.take(message, delivery: "1")
        }
        #expect(fixture.record.state.withLock { $0.submissions }.count == 1)
        for (delivery, address) in [("2", nil), ("2", nil), ("3", nil), ("4", FrontDeskFixture.address)] {
            let message = ClientMessage(subject: "s", address: address, body: Data("{".utf8))
            try await fixture.submissions.take(message, delivery: delivery)
        }
        let kept = fixture.record.state.withLock { $0.rejections }
        #expect(kept.map(\.code) == ["invalid_subject", "invalid_subject", "invalid_request"])
        // The acceptance, and the refusal of the task that was named.
        #expect(fixture.outlet.state.withLock { $0.published }.count == 2)
    }

    @Test func `a task that would wait for itself is told the way`() async throws {
        let fixture = try FrontDeskFixture()
        fixture.record.state.withLock { $0.cycle = [TaskID(validated: "a"), TaskID(validated: "fix-login")] }
        let reply = try await submit(fixture, FrontDeskFixture.request())
        #expect(reply == .error(code: "cycle", message: "task.dependencies: would wait for itself: a → fix-login"))
    }

    @Test func `ids of the body are the subject's`() async throws {
        let fixture = try FrontDeskFixture()
        let other = TaskAddress(
            company: CompanyID(validated: "acme"), project: ProjectID(validated: "shop"),
            task: TaskID(validated: "fix-login"))
        let reply = try await fixture.ask(.submit, FrontDeskFixture.request().json, about: other)
        #expect(reply == .error(code: "id_mismatch", message: "task.project_id: expected the subject's, shop"))
        #expect(fixture.record.state.withLock { $0.submissions }.isEmpty)
    }

    @Test func `the rules of the operator are asked, and the field is named`() async throws {
        let fixture = try FrontDeskFixture()
        let cases: [(String, (inout TaskRequest) -> Void)] = [
            ("validation.setup", { $0.validation.setup.commands = ["pip install x"] }),
            ("repository.remote_url", { $0.repository.remoteURL = "/srv/git/web.git" }),
            ("repository.remote_url", { $0.repository.remoteURL = "https://127.0.0.1/web.git" }),
            ("repository.branch", { $0.repository.branch = "a..b" }),
            ("delivery.branch_name", { $0.delivery.branchName = "a b" }),
        ]
        for (field, change) in cases {
            let reply = try await submit(fixture, FrontDeskFixture.request(change))
            guard case .error("invalid_request", let message, _) = reply else {
                Issue.record("\(field): \(reply)")
                continue
            }
            #expect(message.hasPrefix("\(field): "), "\(message)")
        }
        let local = try FrontDeskFixture { $0.allowsLocalRemotes = true }
        _ = try await submit(local, FrontDeskFixture.request { $0.repository.remoteURL = "/srv/git/web.git" }).fields()
    }

    @Test func `credentials are recorded sealed, and a seal that cannot be opened is refused`() async throws {
        let fixture = try FrontDeskFixture()
        let token = Credentials.accessToken(Secret("ghp_secret"), username: nil)
        _ = try await submit(fixture, FrontDeskFixture.request { $0.repository.credentials = token }).fields()
        let recorded = fixture.record.state.withLock { $0.submissions[FrontDeskFixture.address]?.request.repository }
        guard case .sealed(let seal)? = recorded?.credentials else {
            Issue.record("\(String(describing: recorded))")
            return
        }
        let opened = try CredentialSeal.open(
            seal, with: try #require(fixture.ring.sealing), company: FrontDeskFixture.address.company,
            remoteURL: "https://git.example.com/web.git")
        #expect(opened == token)
        let foreign = try await submit(
            try FrontDeskFixture(), FrontDeskFixture.request { $0.repository.credentials = .sealed(seal) })
        #expect(try foreign.code() == "credentials_unreadable")
    }

    @Test func `commits name whom the task names, else whom the operator names`() async throws {
        let ada = try #require(CommitIdentity("Ada <ada@example.com>"))
        let bob = try #require(CommitIdentity("Bob <bob@example.com>"))
        let fixture = try FrontDeskFixture {
            $0.author = ada
            $0.committer = ada
            $0.environment.taskTimeout = 60
        }
        _ = try await submit(fixture, FrontDeskFixture.request { $0.delivery.author = bob }).fields()
        let recorded = fixture.record.state.withLock { $0.submissions[FrontDeskFixture.address] }
        #expect(recorded?.request.delivery.author == bob && recorded?.request.delivery.committer == ada)
        #expect(recorded?.request.timeoutSeconds == 60)
    }
}
