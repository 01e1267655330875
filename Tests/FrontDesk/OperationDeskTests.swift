import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization
import Testing

@testable import TaskStore

/// `control` where the subject names no task.
@Suite struct OperationDeskTests {
    private static let acme = TaskAddress(company: CompanyID(validated: "acme"), project: .all, task: .all)
    private static let platform = TaskAddress(company: .all, project: .all, task: .all)

    @Test func `a company and the platform are paused, and who asked is kept`() async throws {
        let fixture = try FrontDeskFixture()
        let cases: [(TaskAddress, JSONValue, String)] = [
            (Self.acme, ["action": "pause", "actor": "ann"], "acme pause ann"),
            (Self.acme, ["action": "checkpoint"], "acme checkpoint acme"),
            (Self.platform, ["action": "pause"], "* pause operator"),
        ]
        for (address, body, expected) in cases {
            let fields = try await fixture.ask(.control, body, about: address).fields()
            #expect(fields["status"] == "paused" || fields["status"] == "halting")
            #expect(fields["pause_id"] != nil && fields["paused_by"] != nil)
            #expect(fixture.record.state.withLock { $0.operations.last } == expected)
        }
        let resumed = try await fixture.ask(.control, ["action": "resume"], about: Self.platform).fields()
        #expect(resumed["status"] == "going")
    }

    @Test func `replicas are the platform's, and found by their name`() async throws {
        let fixture = try FrontDeskFixture()
        fixture.record.state.withLock { $0.replicas = ["coder-2"] }
        let order: JSONValue = ["action": "restart", "replica": "coder-2", "actor": "ann"]
        let fields = try await fixture.ask(.control, order, about: Self.platform).fields()
        #expect(fields == ["status": "restart", "replicas": 1])
        #expect(fixture.record.state.withLock { $0.operations } == ["coder-2 restart ann"])
        #expect(try await fixture.ask(.control, order, about: Self.acme).code() == "not_possible")
        let unknown: JSONValue = ["action": "drain", "replica": "coder-3"]
        #expect(try await fixture.ask(.control, unknown, about: Self.platform).code() == "not_found")
    }

    @Test func `a report is written at once, and kept`() async throws {
        let fixture = try FrontDeskFixture()
        let fields = try await fixture.ask(.control, ["action": "report"], about: Self.acme).fields()
        let report = try #require(fixture.record.state.withLock { $0.reports.first })
        #expect(fields["report_id"] == .string(report.id.text) && report.actor == "acme")
        #expect(report.markdown.hasPrefix("# Report on acme\n"))
    }

    @Test func `a project has no such control, nor has what stands behind a dash`() async throws {
        let fixture = try FrontDeskFixture()
        let project = TaskAddress(company: Self.acme.company, project: ProjectID(validated: "web"), task: .all)
        #expect(try await fixture.ask(.control, ["action": "pause"], about: project).code() == "not_possible")
        let behind = TaskAddress(company: .all, project: .all, task: FrontDeskFixture.address.task)
        #expect(try await fixture.ask(.control, ["action": "pause"], about: behind).code() == "invalid_subject")
        #expect(try await fixture.ask(.control, ["action": "cancel"], about: Self.acme).code() == "invalid_request")
        #expect(fixture.record.state.withLock { $0.operations }.isEmpty)
    }
}
