import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization
import Testing

@testable import TaskStore

@Suite struct FrontDeskTests {
    private struct Down: Error {}

    private func receipt(leased: Bool) -> ControlReceipt {
        let id = UUID.v7()
        return ControlReceipt(
            workflowID: id, status: .running, lastSeq: 4, ownerShouldLook: leased, messages: [.sample(of: id)])
    }

    @Test func `everything that clients may ask is answered`() throws {
        let fixture = try FrontDeskFixture()
        #expect(Set(fixture.desk.types) == Set(RequestType.allCases.filter(\.isOfClients)))
    }

    @Test func `what nobody here answers is refused`() async throws {
        #expect(try await FrontDeskFixture().ask(.objects).code() == "invalid_request")
    }

    @Test(arguments: RequestType.allCases.filter(\.isOfClients))
    func `a subject without a task, a body that is none, and a record that is away each have an answer`(
        _ type: RequestType
    ) async throws {
        let fixture = try FrontDeskFixture()
        #expect(try await fixture.ask(type, about: nil).code() == "invalid_subject")
        if type != .status { #expect(try await fixture.ask(type, []).code() == "invalid_request") }
        fixture.record.state.withLock { $0.failure = Down() }
        let bodies: [RequestType: JSONValue] = [
            .submit: FrontDeskFixture.request().json, .control: ["action": "pause"], .query: ["what": "events"],
            .define: ["kind": "limits", "spec": [:]], .describe: ["kind": "limits"], .list: ["kind": "limits"],
            .remove: ["kind": "limits"],
        ]
        let ofCompany: Set<RequestType> = [.define, .describe, .list, .remove]
        let company = QueryScope.company(FrontDeskFixture.address.company).address
        let address = ofCompany.contains(type) ? company : FrontDeskFixture.address
        #expect(try await fixture.ask(type, bodies[type] ?? [:], about: address).code() == "unavailable")
        #expect(fixture.outlet.state.withLock { $0.notes }.last == "failed Down()")
    }

    @Test func `a task that is not there is not found`() async throws {
        let fixture = try FrontDeskFixture()
        #expect(try await fixture.ask(.control, ["action": "pause"]) == .notFound)
        #expect(try await fixture.ask(.status) == .notFound)
        #expect(try await fixture.ask(.query, ["what": "events"]) == .notFound)
    }

    @Test func `control tells where the task is, and wakes who holds it`() async throws {
        let fixture = try FrontDeskFixture()
        for leased in [false, true] {
            let receipt = receipt(leased: leased)
            fixture.record.state.withLock { $0.control = .accepted(receipt) }
            let fields = try await fixture.ask(.control, ["action": "steer", "message": "faster"]).fields()
            #expect(fields["workflow_id"] == .string(receipt.workflowID.text))
            #expect(fields["status"] == "running" && fields["last_seq"] == 4)
            #expect(fixture.outlet.state.withLock { $0.woken } == (leased ? [receipt.workflowID] : []))
        }
        #expect(fixture.record.state.withLock { $0.controls } == Array(repeating: .steer(message: "faster"), count: 2))
        #expect(fixture.outlet.state.withLock { $0.published }.count == 2)
        fixture.record.state.withLock { $0.control = .refused(code: "already_ended", message: "it has ended") }
        #expect(
            try await fixture.ask(.control, ["action": "pause"])
                == .error(code: "already_ended", message: "it has ended"))
    }

    @Test func `who asks for something is recorded, and whose subject it was where nobody is named`() async throws {
        let fixture = try FrontDeskFixture()
        let own = FrontDeskFixture.address
        let company = QueryScope.company(own.company).address
        let limits: JSONValue = ["kind": "limits", "spec": ["max_running": 1]]
        let cases: [(RequestType, TaskAddress, [String: JSONValue], String)] = [
            (.control, own, ["action": "pause", "actor": "ann"], "ann"),
            (.control, own, ["action": "pause"], own.company.text),
            (.control, own, ["action": "pause", "actor": "  "], own.company.text),
            (.define, company, (limits.objectValue ?? [:]).merging(["actor": "ben"]) { $1 }, "ben"),
            (.define, company, limits.objectValue ?? [:], own.company.text),
            (.define, QueryScope.platform.address, limits.objectValue ?? [:], "operator"),
        ]
        for (type, address, body, expected) in cases {
            _ = try await fixture.ask(type, .object(body), about: address)
            #expect(fixture.record.state.withLock { $0.actor } == expected, "\(type) \(body)")
        }
        #expect(try await fixture.ask(.control, ["action": "pause", "actor": 1]).code() == "invalid_request")
    }

    @Test func `a query is bounded by its subject`() async throws {
        let fixture = try FrontDeskFixture()
        let own = FrontDeskFixture.address
        let scopes: [QueryScope] = [
            .platform, .company(own.company), .project(own.company, own.project), .task(own),
        ]
        for scope in scopes {
            let page = QueryPage(items: [.string(scope.level.rawValue)], cursor: "next")
            fixture.record.state.withLock { $0.pages = [scope: page] }
            let request = QueryRequest("tasks", filter: ["status": "running"], limit: 5, cursor: "c")
            let fields = try await fixture.ask(.query, request.json, about: scope.address).fields()
            #expect(QueryPage(fields) == page)
            #expect(fixture.record.state.withLock { $0.queries.last } == request)
        }
        let behind = TaskAddress(company: own.company, project: .all, task: own.task)
        #expect(try await fixture.ask(.query, ["what": "tasks"], about: behind).code() == "invalid_subject")
    }
}

extension Reply {
    fileprivate static let notFound = Reply.error(code: "not_found", message: "there is no such task")
}
