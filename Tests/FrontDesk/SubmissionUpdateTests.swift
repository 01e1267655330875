import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization
import TaskStore
import Testing

/// Submissions that may take the place of others, and those that only ask what would become of them.
@Suite struct SubmissionUpdateTests {
    private func submit(
        _ fixture: FrontDeskFixture, _ title: String, _ wishes: [String: JSONValue] = [:]
    ) async throws -> Reply {
        let request = FrontDeskFixture.request { $0.task.title = title }
        return try await fixture.ask(
            .submit, .object((request.json.objectValue ?? [:]).merging(wishes) { $1 }))
    }

    private func title(_ fixture: FrontDeskFixture) -> String? {
        fixture.record.state.withLock { $0.submissions[FrontDeskFixture.address]?.request.task.title }
    }

    @Test func `other content takes the place of what waits where that is asked for`() async throws {
        let fixture = try FrontDeskFixture()
        let first = try await submit(fixture, "One", ["update": true]).fields()
        #expect(first["duplicate"] == false && first["updated"] == nil)
        let second = try await submit(fixture, "Two", ["update": true]).fields()
        let id = try #require(first["workflow_id"])
        #expect(second == ["workflow_id": id, "duplicate": false, "updated": true])
        #expect(title(fixture) == "Two")
        // The wish is no part of the content.
        #expect(try await submit(fixture, "Two").fields()["duplicate"] == true)
        #expect(try await submit(fixture, "Three").code() == "conflict")
        #expect(
            fixture.outlet.state.withLock { $0.notes.map { String($0.prefix { $0 != " " }) } } == [
                "accepted", "updated", "known", "refused",
            ])
    }

    @Test func `what was begun stays as it is`() async throws {
        let fixture = try FrontDeskFixture()
        _ = try await submit(fixture, "One").fields()
        _ = fixture.record.state.withLock { $0.begun.insert(FrontDeskFixture.address) }
        let reply = try await submit(fixture, "Two", ["update": true])
        #expect(
            reply
                == .error(
                    code: "conflict", message: "task.id: taken by a task with other content, which has begun"))
        #expect(title(fixture) == "One")
    }

    @Test func `a trial says what would be, and leaves nothing behind`() async throws {
        let fixture = try FrontDeskFixture()
        let trial: [String: JSONValue] = ["update": true, "dry_run": true]
        #expect(try await submit(fixture, "One", trial).fields() == ["duplicate": false])
        #expect(title(fixture) == nil && fixture.outlet.state.withLock { $0.notes.isEmpty && $0.published.isEmpty })
        _ = try await submit(fixture, "One").fields()
        #expect(try await submit(fixture, "One", trial).fields()["duplicate"] == true)
        #expect(try await submit(fixture, "Two", trial).fields()["updated"] == true)
        #expect(try await submit(fixture, "Two", ["dry_run": true]).code() == "conflict")
        #expect(title(fixture) == "One")
        #expect(fixture.record.state.withLock { $0.rejections.isEmpty })
        #expect(fixture.outlet.state.withLock { $0.notes } == ["accepted"])
    }

    @Test(arguments: ["update", "dry_run"])
    func `a message of the stream, which may come late and again, is neither`(_ wish: String) async throws {
        let fixture = try FrontDeskFixture()
        var body = FrontDeskFixture.request().json.objectValue ?? [:]
        body[wish] = true
        let message = ClientMessage(
            subject: "s", address: FrontDeskFixture.address, body: try JSONValue.object(body).data())
        try await fixture.submissions.take(message, delivery: "1")
        #expect(fixture.record.state.withLock { $0.submissions.isEmpty })
        #expect(fixture.record.state.withLock { $0.rejections }.map(\.field) == [wish])
    }

    @Test func `a wish that is none is refused by name`() async throws {
        let reply = try await submit(try FrontDeskFixture(), "One", ["update": "yes"])
        #expect(reply == .error(code: "invalid_request", message: "update: expected true or false, got a string"))
    }
}
