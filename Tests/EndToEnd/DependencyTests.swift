import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Tasks that wait for others.
@Suite(.timeLimit(.minutes(3))) struct DependencyTests {
    static let roles: [Role] = [
        .coder("leads", Sample.repair), .coder("leads-nowhere", [.finish()]),
        .coder("spends-all", (0..<2).map { .write("app.txt", "new\n\($0)", cost: 0.8) } + Sample.repair),
    ]

    private func draft(_ model: String, after others: [TaskDraft] = []) async throws -> TaskDraft {
        var draft = TaskDraft(model, remote: try await GitRemote(files: Sample.files))
        draft.validation = ["commands": Sample.commands, "max_repair_rounds": 0]
        draft.task = ["dependencies": .array(others.map { .string($0.id) })]
        return draft
    }

    @Test func `a task starts when those it depends on are completed`() async throws {
        let platform = try await Platform.shared()
        var first = try await draft("leads")
        first.delivery = ["approval": "plan"]
        let second = try await draft("leads", after: [first])
        try await platform.submit(second)
        try await platform.submit(first)
        try await platform.event(.approvalRequested, of: first)
        #expect(try await platform.status(second)["status"] == "queued")
        try await platform.control(first, .approve)
        #expect(try await platform.end(of: second).result.status == .completed)
        #expect(try await platform.status(first)["status"] == "completed")
    }

    @Test func `dependents of a failed task are skipped, and their dependents`() async throws {
        let platform = try await Platform.shared()
        var first = try await draft("leads-nowhere")
        first.repository = ["branch": "missing"]
        let second = try await draft("leads", after: [first])
        let third = try await draft("leads", after: [second])
        for draft in [third, second, first] { try await platform.submit(draft) }
        #expect(try await platform.end(of: first).result.status == .repositoryUnavailable)
        for draft in [second, third] {
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .skipped && !task.result.success)
            #expect(task.result.errorMessage?.isEmpty == false)
        }
    }

    @Test func `a task that would wait for itself is refused`() async throws {
        let platform = try await Platform.shared()
        var first = try await draft("leads")
        let second = try await draft("leads", after: [first])
        first.task = ["dependencies": [.string(second.id)]]
        try await platform.submit(second)
        let refusal = try await platform.request(first, .submit, first.json.data()).refusal()
        #expect(refusal.message.contains("dependencies"))
        try await platform.control(second, .cancel)
    }

    @Test func `a task that ran out of its budget goes on when it is raised and retried`() async throws {
        let platform = try await Platform.shared()
        var draft = try await draft("spends-all")
        draft.agent = ["max_cost_usd": 1]
        #expect(try await platform.run(draft).result.status == .budgetExhausted)
        try await platform.control(draft, .raiseBudget(maxCostUSD: 10))
        try await platform.control(draft, .retry)
        let end = try await platform.event(.workflowCompleted, after: .workflowResumed, of: draft)
        let result: WorkflowResult = try end.details.decode()
        #expect(result.status == .completed && result.artifacts.costUSD > 1)
    }
}

extension Platform {
    /// Waits for an event that comes after the first of another type.
    fileprivate func event(
        _ type: EventType, after earlier: EventType, of draft: TaskDraft
    ) async throws -> ObservedEvent {
        let events = log.events(of: draft.id)
        let first = try await events.first("\(earlier.rawValue) of \(draft.id)") { $0.type == earlier }
        return try await events.first("\(type.rawValue) of \(draft.id)", within: Self.patience) {
            $0.type.isTerminal && $0.event.seq > first.event.seq
        }
    }
}
