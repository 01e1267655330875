import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct WebhookTests {
    static let roles: [Role] = [.coder("calls-back", [.finish("Nothing to do.")])]

    private struct Attempt: Decodable, Equatable {
        var status: Int?
        var error: String?
    }

    /// Runs a task whose webhook goes to `url`.
    private func run(_ url: (Platform, TaskDraft) throws -> String) async throws -> (task: EndedTask, url: String) {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("calls-back", remote: remote)
        let url = try url(platform, draft)
        draft.delivery["webhook_url"] = .string(url)
        return (try await platform.run(draft), url)
    }

    /// Waits until the record shows so many attempts and returns them, with the state of the delivery.
    private func attempts(_ count: Int, of task: EndedTask) async throws -> (state: String, attempts: [Attempt]) {
        let platform = try await Platform.shared()
        let workflow = task.result.workflowID
        try await eventually("\(count) attempts are recorded", within: .seconds(60)) {
            try await platform.rows(
                """
                select 1 from webhook_attempts a join webhook_messages m on m.id = a.message_id
                where m.workflow_id::text = \(workflow)
                """
            ).count >= count
        }
        let rows = try await platform.rows(
            """
            select a.status_code as status, a.error from webhook_attempts a join webhook_messages m on m.id = a.message_id
            where m.workflow_id::text = \(workflow) order by a.id
            """)
        let state = try await platform.rows(
            "select state from stage_runs where kind = 'webhook' and workflow_id::text = \(workflow)")
        return (state.first?["state"]?.stringValue ?? "", try rows.map { try $0.decode(Attempt.self) })
    }

    @Test func `a receiver that fails first gets the same webhook again`() async throws {
        let platform = try await Platform.shared()
        let (task, url) = try await run { $0.sink.url(.recovers, $1.id) }
        let (state, attempts) = try await attempts(2, of: task)
        #expect(state == "done")
        #expect(attempts.map(\.status) == [500, 200])
        let requests = platform.sink.requests(to: url)
        #expect(requests.count == 2)
        #expect(Set(requests.compactMap { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        for request in requests { #expect(try platform.sink.verified(request).data == task.result) }
    }

    @Test func `a receiver that hangs is given up on and tried again`() async throws {
        let platform = try await Platform.shared()
        let (task, url) = try await run { $0.sink.url(.hangs, $1.id) }
        let (state, attempts) = try await attempts(2, of: task)
        #expect(state == "done")
        #expect(attempts.map(\.status) == [nil, 200])
        #expect(attempts.first?.error != nil)
        #expect(Set(platform.sink.requests(to: url).compactMap { $0.headers["webhook-id"] }).count == 1)
    }

    @Test func `a receiver that is down is tried again later`() async throws {
        let (task, _) = try await run { _, draft in "http://127.0.0.1:\(try FreePort.next())/\(draft.id)" }
        let (state, attempts) = try await attempts(1, of: task)
        #expect(["ready", "leased"].contains(state))
        #expect(attempts.first?.status == nil && attempts.first?.error != nil)
        #expect(task.result.status == .completedNoChanges)
    }

    @Test func `a redirect is not followed`() async throws {
        let platform = try await Platform.shared()
        let (task, _) = try await run { $0.sink.url(.redirects, $1.id) }
        let (state, attempts) = try await attempts(1, of: task)
        #expect(["ready", "leased"].contains(state))
        #expect(attempts.first?.status == 302)
        #expect(attempts.first?.error?.contains("redirect") == true)
        #expect(platform.sink.requests(to: platform.sink.url(.accepts, "elsewhere")).isEmpty)
    }

    @Test func `what is not delivered is listed with its reason while it is still tried`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("calls-back", remote: remote)
        draft.company = "moved"
        draft.delivery["webhook_url"] = .string(platform.sink.url(.redirects, draft.id))
        let task = try await platform.run(draft)
        _ = try await attempts(1, of: task)
        let listed = try await platform.tool(["webhooks", "list", "--company", "moved"])
        #expect(listed.contains(draft.id) && listed.contains("pending") && listed.contains("redirect"), "\(listed)")
        #expect(listed.contains(", next "), "\(listed)")
    }

    @Test func `a receiver that is gone gets nothing more`() async throws {
        let platform = try await Platform.shared()
        let (task, url) = try await run { $0.sink.url(.gone, $1.id) }
        let (state, attempts) = try await attempts(1, of: task)
        #expect(state == "cancelled")
        #expect(attempts.map(\.status) == [410])
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("calls-back", remote: remote)
        draft.delivery["webhook_url"] = .string(url)
        let second = try await platform.run(draft)
        try await eventually("the second webhook is set aside") {
            try await platform.rows(
                """
                select state from stage_runs
                where kind = 'webhook' and workflow_id::text = \(second.result.workflowID)
                """) == [["state": "cancelled"]]
        }
        #expect(platform.sink.requests(to: url).count == 1)
    }

    @Test func `a task that names no endpoint uses that of the platform`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let task = try await platform.run(TaskDraft("calls-back", remote: remote))
        let id = task.draft.id
        let request = try await platform.sink.first(to: platform.sink.commonURL) { $0.text.contains(id) }
        #expect(try platform.sink.verified(request).data == task.result)
    }
}
