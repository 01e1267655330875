import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct SubmissionTests {
    static let roles: [Role] = [.coder("submits", Sample.repair)]

    private func draft(_ remote: GitRemote) -> TaskDraft {
        var draft = TaskDraft("submits", remote: remote)
        draft.validation = ["commands": Sample.commands]
        return draft
    }

    @Test func `the same task again by either way does nothing`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let draft = draft(remote)
        try await platform.publish(draft)
        let task = try await platform.end(of: draft)
        let again = try await platform.request(draft, .submit, draft.json.data()).fields()
        #expect(again["workflow_id"]?.stringValue == task.result.workflowID && again["duplicate"] == true)
        try await platform.publish(draft)
        // A task that comes later in the same queue: when it has started, the copy was dealt with.
        let later = self.draft(remote)
        try await platform.publish(later)
        _ = try await platform.end(of: later)
        #expect(platform.log.events(of: draft.id).count == task.events.count)
        #expect(try await platform.rows("select 1 from tasks where task_id = \(draft.id)").count == 1)
        #expect(try await remote.branches().count == 3)
    }

    @Test func `the same id with other content is refused by either way`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let first = draft(remote)
        let task = try await platform.run(first)
        var other = first
        other.task["description"] = "something else"
        let refusal = try await platform.request(other, .submit, other.json.data()).refusal()
        #expect(refusal.code == "conflict")
        #expect(refusal.message.contains("task.id"))
        try await platform.publish(other)
        let rejected = try await platform.event(.taskRejected, of: first) { $0.details["code"] == "conflict" }
        #expect(rejected.details["field"] == "task.id")
        let status = try await platform.status(first)
        #expect(status["status"] == "completed" && status["workflow_id"]?.stringValue == task.result.workflowID)
    }

    /// What is wrong with a submission, and how its refusal has to name it.
    struct BadInput: Sendable, CustomTestStringConvertible {
        let name: String
        let code: String
        let field: String
        let reason: String
        let body: @Sendable (TaskDraft) throws -> Data

        var testDescription: String { name }

        init(
            _ name: String, code: String = "invalid_request", field: String, reason: String,
            _ change: @escaping @Sendable (inout TaskDraft) -> Void
        ) {
            self.init(name, code: code, field: field, reason: reason) { draft in
                var draft = draft
                change(&draft)
                return try draft.json.data()
            }
        }

        init(
            _ name: String, code: String = "invalid_request", field: String = "", reason: String,
            body: @escaping @Sendable (TaskDraft) throws -> Data
        ) {
            self.name = name
            self.code = code
            self.field = field
            self.reason = reason
            self.body = body
        }
    }

    private static let password = "hunter2-marker-of-a-refused-task"

    private static let badInputs: [BadInput] = [
        BadInput("not JSON", reason: "not JSON") { _ in Data("{\"task\": \"password\": \"\(password)".utf8) },
        BadInput("an array", reason: "object") { _ in Data("[1, 2]".utf8) },
        BadInput("nothing", reason: "not JSON") { _ in Data() },
        BadInput("a blank", reason: "not JSON") { _ in Data(" ".utf8) },
        BadInput("no repository", field: "repository", reason: "missing") { draft in
            try JSONValue.object((draft.json.objectValue ?? [:]).filter { $0.key != "repository" }).data()
        },
        BadInput("no remote", field: "repository.remote_url", reason: "missing") { draft in
            try JSONValue.object((draft.json.objectValue ?? [:]).merging(["repository": [:]]) { $1 }).data()
        },
        BadInput("another company", code: "id_mismatch", field: "task.company_id", reason: "acme") {
            $0.task["company_id"] = "other"
        },
        BadInput("another task", code: "id_mismatch", field: "task.id", reason: "expected the subject's") {
            $0.task["id"] = "other"
        },
        BadInput("an id with dots", field: "task.id", reason: "A-Za-z0-9_-") { $0.task["id"] = "a.b" },
        BadInput("an id that is a path", field: "task.project_id", reason: "A-Za-z0-9_-") {
            $0.task["project_id"] = "../../etc"
        },
        BadInput("an id with a wildcard", field: "task.company_id", reason: "A-Za-z0-9_-") {
            $0.task["company_id"] = ">"
        },
        BadInput("an id with line ends", field: "task.id", reason: "A-Za-z0-9_-") {
            $0.task["id"] = "a\r\nPUB x 0\r\n"
        },
        BadInput("an id of 4 KB", field: "task.id", reason: "64") {
            $0.task["id"] = .string(String(repeating: "x", count: 4096))
        },
        BadInput("unknown credentials", field: "repository.credentials.credential_type", reason: "access_token") {
            $0.repository["credentials"] = ["credential_type": "magic", "password": .string(password)]
        },
        BadInput("no password", field: "repository.credentials.password", reason: "missing") {
            $0.repository["credentials"] = ["credential_type": "username_password", "username": "ada"]
        },
        BadInput(
            "a broken seal", code: "credentials_unreadable", field: "repository.credentials.sealed", reason: "version"
        ) {
            $0.repository["credentials"] = ["credential_type": "sealed", "sealed": "AAAA"]
        },
        BadInput("a priority that is none", field: "task.priority", reason: "1…10") { $0.task["priority"] = 17 },
        BadInput("a title that is a number", field: "task.title", reason: "string") { $0.task["title"] = 5 },
        BadInput("commands that are a string", field: "validation.commands", reason: "list") {
            $0.validation["commands"] = "make test"
        },
        BadInput("a transport that runs programs", field: "repository.remote_url", reason: "not the address") {
            $0.remote = "ext::id"
        },
        BadInput("a branch that is an option", field: "repository.branch", reason: "begins with '-'") {
            $0.repository["branch"] = "--upload-pack=id"
        },
        BadInput("a webhook without a scheme", field: "delivery.webhook_url", reason: "http") {
            $0.delivery["webhook_url"] = "file:///etc/passwd"
        },
        BadInput("a password twice", field: "repository.remote_url", reason: "a password") { draft in
            draft.remote = "https://ada:\(password)@example.org/x.git"
            draft.repository["credentials"] = [
                "credential_type": "username_password", "username": "ada", "password": .string(password),
            ]
        },
    ]

    @Test(arguments: badInputs)
    func `bad input is refused by name, kept without secrets, and harms nobody`(_ input: BadInput) async throws {
        let platform = try await Platform.shared()
        let draft = TaskDraft("submits", remote: "/nowhere/remote.git")
        let body = try input.body(draft)
        let before = platform.services.elements.map(\.process.processID)
        try await platform.publish(draft, body: body)
        let event = try await platform.event(.taskRejected, of: draft)
        let details = event.details
        #expect(details["code"]?.stringValue == input.code)
        #expect(details["field"]?.stringValue == input.field)
        #expect(details["reason"]?.stringValue?.contains(input.reason) == true, "\(details)")
        #expect(event.event.seq == 1 && event.headers["Nats-Msg-Id"] == event.event.eventID)
        #expect(try await platform.request(draft, .submit, body).refusal().message.contains(input.reason))
        let rows = try await platform.rows("select * from rejected_submissions where task_id = \(draft.id)")
        #expect(rows.count == 2)
        #expect(rows.first?["code"]?.stringValue == input.code && rows.first?["field"]?.stringValue == input.field)
        #expect(try !JSONValue.array(rows).text().contains(Self.password))
        #expect(try !JSONValue(encoding: event.event).text().contains(Self.password))
        #expect(platform.services.elements.map(\.process.processID) == before)
    }

    /// Bodies that are refused and hold a secret where nobody looks for one.
    private static let hidingPlaces: [@Sendable (TaskDraft, String) throws -> Data] = [
        { _, secret in Data("repository:\n  credentials: {access_token: \(secret)}\n".utf8) },
        { _, secret in Data("{'repository': {'password': '\(secret)'}}".utf8) },
        { _, secret in Data(#"{"accessToken": "\#(secret)", "\#(secret)": 1}"#.utf8) },
        { _, secret in Data(#"{"\u0070assword": "\#(secret)", "#.utf8) },
        { _, secret in Data("git clone https://ada:x/\(secret)@b@example.org/x.git".utf8) },
        { draft, secret in try draft.with { $0.remote = "https://ada:/\(secret)@example.org" }.json.data() },
        { draft, secret in try draft.with { $0.task["id"] = .string(secret) }.json.data() },
        { draft, secret in try draft.with { $0.task["priority"] = .string(secret) }.json.data() },
        { draft, secret in try draft.with { $0.repository["branch"] = .string("-\(secret)") }.json.data() },
        { draft, secret in
            try draft.with { $0.repository["credentials"] = ["credential_type": .string(secret)] }.json.data()
        },
        { draft, secret in try draft.with { $0.delivery["approval"] = .string(secret) }.json.data() },
        { draft, secret in try draft.with { $0.delivery["webhook_url"] = .string(secret) }.json.data() },
    ]

    @Test func `a secret in the wrong place of a refused submission is in no row, event, answer, log or stream`()
        async throws
    {
        let platform = try await Platform.shared()
        let secret = "marker-\(UUID().uuidString.lowercased())"
        var told: [String] = []
        for body in Self.hidingPlaces {
            let draft = TaskDraft("submits", remote: "/nowhere/remote.git")
            let bytes = try body(draft, secret)
            try await platform.publish(draft, body: bytes)
            told.append(String(decoding: try await platform.event(.taskRejected, of: draft).payload, as: UTF8.self))
            told.append(try await platform.request(draft, .submit, bytes).refusal().message)
            let rows = try await platform.rows("select * from rejected_submissions where task_id = \(draft.id)")
            #expect(rows.count == 2)
            told.append(try JSONValue.array(rows).text())
        }
        told += platform.services.elements.flatMap(\.process.output.elements)
        for text in told { #expect(!text.contains(secret), "\(text)") }
        let dump = try await Program.run(["pg_dump", "--dbname", platform.databaseURL])
        #expect(!dump.contains(secret))
        try await eventually("the submissions were erased") {
            let held = try? await Program.run(["grep", "-rlaF", "-e", secret, "--", platform.nats.folder.path])
            return held == nil
        }
    }

    @Test func `a subject with a hostile id is kept for inspection and stops nothing`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let draft = draft(remote)
        let subject = "automata.workflows.acme.shop.$(id)-\(draft.id).task_submitted"
        try await platform.publish(draft, subject: subject)
        #expect(try await platform.run(draft).result.status == .completed)
        let rows = try await platform.rows(
            "select code, company_id from rejected_submissions where subject = \(subject)")
        #expect(rows == [["code": "invalid_subject", "company_id": nil]])
    }

    @Test func `requests about an unknown task say so`() async throws {
        let platform = try await Platform.shared()
        let draft = TaskDraft("submits", remote: "/nowhere/remote.git")
        let cancel = try ControlRequest.cancel.json.data()
        #expect(try await platform.request(draft, .status).refusal().code == "not_found")
        #expect(try await platform.request(draft, .control, cancel).refusal().code == "not_found")
        let refusal = try await platform.request(draft, .control, Data("{}".utf8)).refusal()
        #expect(refusal.code == "invalid_request" && refusal.message.contains("action"))
    }
}

extension TaskDraft {
    /// The draft with a change.
    fileprivate func with(_ change: (inout TaskDraft) -> Void) -> TaskDraft {
        var draft = self
        change(&draft)
        return draft
    }
}
