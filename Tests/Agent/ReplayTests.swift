import Agent
import Contracts
import Foundation
import Foundations
import LanguageModels
import Synchronization
import Testing

/// A crash after any step, and a run that goes on from the journal.
@Suite(.timeLimit(.minutes(2)))
struct ReplayTests {
    /// Many kinds of steps: parallel calls, errors, idle replies, todos, a summary, and an end.
    private static func line(_ request: ChatRequest) -> PlayedModel.Line {
        if request.tools.isEmpty { return .text("summary of \(request.messages.count)") }
        let turn = request.messages.count { $0.role == .assistant }
        let noise = String(repeating: "noise \(turn) ", count: 400)
        switch request.messages.last?.content {
        case let text? where text.contains("turns are left"): return .finish()
        default: break
        }
        switch turn % 5 {
        case 0:
            return .calls([
                ToolCall(
                    id: "a", name: "write_file", arguments: "{\"file_path\":\"f\(turn)\",\"content\":\"\(turn)\"}"),
                ToolCall(id: "b", name: "fly", arguments: "{"),
            ])
        case 1: return .text("thinking \(turn)")
        case 2: return .call("run_shell_command", ["command": .string("echo '\(noise)'")])
        case 3: return .call("update_todos", ["items": [["text": .string("t\(turn)"), "status": "pending"]]])
        default: return .call("read_file", ["file_path": .string("f\(turn - 4)")])
        }
    }

    private static let limits = ConversationLimits(
        maxIterations: 14, contextTokens: 3500, keptToolResults: 2, maxSummaries: 3)

    private static func signals() -> PlayedSignals {
        PlayedSignals { ControlState(steering: $0 > 6 ? ["hurry"] : []) }
    }

    @Test func `after a crash at any step the run ends the same and repeats no finished call`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { _, request in Self.line(request) }
            let whole = InMemoryJournal()
            let expected = try await fixture.conversation(
                model, journal: whole, signals: Self.signals(), limits: Self.limits
            ).run()
            #expect(whole.records.contains { $0.step.name == "summary" })
            #expect(whole.records.count > 20)
            for crash in 0...whole.records.count {
                try await check(crash, whole, expected, fixture)
            }
        }
    }

    private func check(
        _ crash: Int, _ whole: InMemoryJournal, _ expected: ConversationOutcome, _ fixture: AgentFixture
    ) async throws {
        let first = InMemoryJournal(records: Array(whole.records.prefix(crash)), crashesAfter: crash)
        let silent = PlayedModel { _, request in Self.line(request) }
        let always = PlayedSignals { _ in ControlState(steering: ["hurry"]) }
        let cutOff = fixture.conversation(silent, journal: first, signals: always, limits: Self.limits)
        if crash < whole.records.count {
            await #expect(throws: InMemoryJournal.Crash.self) { try await cutOff.run() }
        }
        #expect(silent.replies == 0, "a finished call was repeated")

        try Self.restore(fixture, from: first.records)
        let resumed = InMemoryJournal(records: first.records)
        let model = PlayedModel { _, request in Self.line(request) }
        let passed = Self.steeringPassed(first.records)
        let signals = PlayedSignals { check in
            ControlState(steering: passed || check + first.records.count > 6 ? ["hurry"] : [])
        }
        let outcome = try await fixture.conversation(
            model, journal: resumed, signals: signals, limits: Self.limits
        ).run()
        #expect(outcome.iterations == expected.iterations)
        #expect(outcome.usage.llmCalls == resumed.records.count { $0.step.kind == .modelCall })
        let kept = first.records.count { $0.step.kind == .modelCall }
        #expect(model.replies == resumed.records.count { $0.step.kind == .modelCall } - kept)
        #expect(resumed.records.map(\.step) == whole.records.map(\.step), "crash after \(crash)")
        #expect(outcome.end == expected.end)
        #expect(outcome.todos == expected.todos)
    }

    /// Brings the work tree back to the last kept checkpoint: this workspace's trees are lists of names.
    private static func restore(_ fixture: AgentFixture, from records: [InMemoryJournal.Record]) throws {
        let kept = records.last { $0.outcome.checkpoint != nil }?.outcome.checkpoint?.tree.split(separator: ",") ?? []
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.root)
        where !kept.contains(name[...]) {
            try FileManager.default.removeItem(atPath: fixture.root + "/" + name)
        }
    }

    private static func steeringPassed(_ records: [InMemoryJournal.Record]) -> Bool {
        records.contains { $0.outcome.result["steering"]?.arrayValue?.isEmpty == false }
    }

    @Test func `a crash between a tool's effect and its record runs the tool again`() async throws {
        try await AgentFixture.with { fixture in
            let lines: [PlayedModel.Line] = [.call("run_shell_command", ["command": "echo x >> log"]), .finish()]
            let lossy = LosingJournal(InMemoryJournal(), losing: 1)
            await #expect(throws: InMemoryJournal.Crash.self) {
                try await fixture.conversation(PlayedModel(lines), journal: lossy).run()
            }
            let resumed = InMemoryJournal(records: lossy.kept.records)
            let model = PlayedModel { turn, _ in lines[turn + 1] }
            let outcome = try await fixture.conversation(model, journal: resumed).run()
            #expect(outcome.iterations == 2)
            #expect(model.replies == 1)
            #expect(fixture.text("log") == "x\nx\n")
        }
    }
}

/// Takes one step and loses its outcome, as a crash before the write does.
private final class LosingJournal: StepJournal {
    let kept: InMemoryJournal
    private let losing: Int

    init(_ kept: InMemoryJournal, losing: Int) {
        self.kept = kept
        self.losing = losing
    }

    func perform(
        _ step: StepDescriptor, after check: @Sendable () async throws -> ControlState,
        _ body: @Sendable (ControlState) async throws -> StepOutcome
    ) async throws -> StepReplay {
        guard kept.records.count == losing else { return try await kept.perform(step, after: check, body) }
        _ = try await body(check())
        throw InMemoryJournal.Crash()
    }
}
