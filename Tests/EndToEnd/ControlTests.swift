import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct ControlTests {
    static let roles: [Role] = [
        .coder("hangs", [.write("app.txt", "draft\n"), Turn.finish().failing(.hang)]),
        .planner("hangs-early", [Turn.plan.failing(.hang)]),
        .coder("steered", seeing: "use new", Sample.repair),
        .coder("steered", [.write("app.txt", "draft\n"), Turn.finish().failing(.hang, times: 1)]),
        .coder("pauses", [.write("app.txt", "new\n"), Turn.finish().failing(.hang, times: 1)]),
    ]

    private func start(_ model: String, _ platform: Platform) async throws -> TaskDraft {
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        try await platform.submit(draft)
        return draft
    }

    /// Waits until the model was asked under this name and does not answer.
    private func untilHanging(_ model: String, _ platform: Platform) async throws {
        try await eventually("the model hangs") { try platform.witness(model).contains { $0["reply"] == "hang" } }
    }

    @Test(arguments: ["hangs", "hangs-early"])
    func `cancelling ends a task within two seconds though the model hangs`(_ model: String) async throws {
        let platform = try await Platform.shared()
        let draft = try await start(model, platform)
        try await untilHanging(model, platform)
        let start = ContinuousClock.now
        try await platform.control(draft, .cancel)
        let task = try await platform.end(of: draft)
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(task.result.status == .cancelled && !task.result.success)
        try await platform.control(draft, .cancel)
    }

    @Test func `a late subscriber catches up by the status`() async throws {
        let platform = try await Platform.shared()
        let draft = try await start("hangs", platform)
        try await platform.event(.implementationStep, of: draft)
        let fields = try await platform.status(draft)
        let snapshot: StatusSnapshot = try JSONValue.object(fields).decode()
        #expect(snapshot.status == .running && snapshot.stage == .implementation && snapshot.round == 0)
        #expect(snapshot.lastSeq == platform.log.events(of: draft.id).elements.last?.event.seq)
        #expect(snapshot.branchName?.hasPrefix("feat/") == true)
        #expect(snapshot.result["status"] == "running" && snapshot.result["success"] == false)
        #expect(snapshot.result["base_commit"]?.stringValue?.count == 40)
        #expect(snapshot.result["implementation_plan"]?["goal"]?.stringValue != nil)
        try await platform.control(draft, .cancel)
        let task = try await platform.end(of: draft)
        let last = try await platform.status(draft)
        let final: StatusSnapshot = try JSONValue.object(last).decode()
        #expect(final.status == .ended(.cancelled) && final.final == task.result)
        #expect(final.lastSeq == task.events.last?.event.seq)
    }

    @Test func `a paused task waits and goes on where it was`() async throws {
        let platform = try await Platform.shared()
        let draft = try await start("pauses", platform)
        try await untilHanging("pauses", platform)
        _ = try await platform.tool(["control", "pause", draft.reference, "--actor", "ann"])
        let paused = try await platform.event(.workflowPaused, of: draft)
        #expect(paused.event.details["actor"] == "ann" && paused.event.message == "Paused in implementation by ann")
        try await platform.control(draft, .resume)
        let task = try await platform.end(of: draft)
        #expect(task.result.status == .completed)
        #expect(task.types.contains(.workflowResumed))
        #expect(task.tools == ["write_file", "finish"])
        // The first turn was answered once, though two runs of the stage went through it.
        let answered = try platform.witness("pauses").filter { $0["reply"] != "hang" }.compactMap {
            $0["hash"]?.stringValue
        }
        #expect(Set(answered).count == answered.count)
    }

    @Test func `a message of people reaches the model`() async throws {
        let platform = try await Platform.shared()
        let draft = try await start("steered", platform)
        try await untilHanging("steered", platform)
        try await platform.control(draft, .steer(message: "use new"))
        // The call that hangs began before the message: the pause ends it, the next one carries the message.
        try await platform.control(draft, .pause)
        try await platform.event(.workflowPaused, of: draft)
        try await platform.control(draft, .resume)
        #expect(try await platform.end(of: draft).result.status == .completed)
        #expect(
            try platform.witness("steered").contains { $0["role"]?.stringValue?.hasSuffix("seeing use new") == true })
    }
}
