import Contracts
import Database
import Foundation
import Foundations
import JetStream
import Messaging
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// One task on a repository of its own, and what the witnesses have to say of it.
struct Drill {
    /// What the witnesses are expected to say beyond one of everything.
    struct Repeats {
        /// Answers of the model that never reached the record.
        var modelCalls = 0...0
        /// Webhooks whose arrival never reached the record.
        var webhooks = 0...0
    }

    /// The scripted model of every drill: a plan, a change, the end.
    static let roles: [Role] = [.coder("drill", Sample.repair), .anyPlanner]

    /// What is told of every drill, each once and in this order.
    private static let story: [EventType] = [
        .workflowStarted, .repoCloned, .branchCreated, .planCreated, .implementationStarted, .implementationStep,
        .implementationStep, .implementationCompleted, .validationStarted, .validationCompleted, .changesCommitted,
        .changesPushed, .workflowCompleted,
    ]

    let platform: Platform
    let remote: GitRemote
    let draft: TaskDraft
    /// Where its webhook goes.
    let webhookURL: String
    private let callsBefore: Int

    init(on platform: Platform, webhooks: WebhookSink.Behaviour = .accepts) async throws {
        self.platform = platform
        remote = try await GitRemote(files: Sample.files)
        // A title of its own, so that the requests to the model differ from those of other drills.
        var draft = TaskDraft("drill", title: "Drill \(UUID().uuidString)", remote: remote)
        webhookURL = platform.sink.url(webhooks, draft.id)
        draft.validation = ["commands": Sample.commands]
        draft.delivery["webhook_url"] = .string(webhookURL)
        self.draft = draft
        callsBefore = try platform.witness("drill").count
        try remote.hook("reference-transaction", Self.noteUpdates)
    }

    // Noted by the transaction of the refs itself: a hook that runs later may not run at all.
    private static let noteUpdates = "[ \"$1\" = committed ] || exit 0\ncat >> ../pushes.log"

    /// The first push from now on gets through, and the remote dies before it can say so.
    func loseOnePush() throws {
        let die = "[ -e ../died ] || { touch ../died; kill -9 $PPID; }"
        try remote.hook("reference-transaction", "\(Self.noteUpdates)\n\(die)")
    }

    /// Whether the push of ``loseOnePush()`` came.
    var hasLostPush: Bool { FileManager.default.fileExists(atPath: "\(remote.url)/../died") }

    /// Waits for the end of the task and until all is at rest, and asks the witnesses.
    func check(_ situation: Comment, _ repeats: Repeats = Repeats()) async throws {
        let task = try await platform.end(of: draft)
        #expect(task.result.status == .completed, situation)
        #expect(task.types == Self.story, situation)
        #expect(task.events.map(\.event.seq) == Array(1...task.events.count), situation)
        try await rest()
        try checkModel(repeats, task, situation)
        checkPush(task, situation)
        try checkWebhook(repeats, task, situation)
    }

    private func checkModel(_ repeats: Repeats, _ task: EndedTask, _ situation: Comment) throws {
        let calls = try platform.witness("drill").dropFirst(callsBefore).compactMap { $0["hash"]?.stringValue }
        #expect(Set(calls).count == 3, situation)
        #expect(repeats.modelCalls.contains(calls.count - 3), situation)
        #expect(task.result.artifacts.llmCalls == 3, situation)
    }

    private func checkPush(_ task: EndedTask, _ situation: Comment) {
        let updates = remote.pushes().filter { $0.contains(" refs/heads/") }.map {
            $0.split(separator: " ").dropFirst()
        }
        #expect(updates.count == 1, situation)
        #expect(updates.first?.first.map(String.init) == task.result.commitHash, situation)
        #expect(updates.first?.last.map(String.init) == "refs/heads/\(task.result.branchName ?? "")", situation)
    }

    private func checkWebhook(_ repeats: Repeats, _ task: EndedTask, _ situation: Comment) throws {
        let requests = platform.sink.requests(to: webhookURL)
        #expect(repeats.webhooks.contains(requests.count - 1), situation)
        #expect(Set(requests.compactMap { $0.headers["webhook-id"] }).count == 1, situation)
        for request in requests { #expect(try platform.sink.verified(request).data == task.result, situation) }
    }

    /// Waits until nothing is left to do: no lease, no unpublished message, no webhook, no delivery of the bus.
    private func rest() async throws {
        try await eventually("the platform is at rest", within: .seconds(40)) { [platform] in
            let rows = try await platform.rows(
                """
                select 1 from stage_runs where state in ('leased', 'ready')
                union all select 1 from outbox where published_at is null
                """)
            guard rows.isEmpty else { return false }
            let answer = try await platform.bus.request(
                BusMessage(subject: "$JS.API.CONSUMER.LIST.\(StreamNames.events)"), timeout: .seconds(10))
            let consumers = try JSONValue(parsing: answer.payload)["consumers"]?.arrayValue ?? []
            return !consumers.isEmpty
                && consumers.allSatisfy { $0["num_pending"] == 0 && $0["num_ack_pending"] == 0 }
        }
    }
}
