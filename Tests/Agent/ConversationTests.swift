import Agent
import Contracts
import Foundation
import Foundations
import Glibc
import LanguageModels
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConversationTests {
    private let write = PlayedModel.Line.call("write_file", ["file_path": "a", "content": "x"])

    @Test func `a conversation works and ends with the final call`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([write, .call("run_shell_command", ["command": "cat a"]), .finish("all done")])
            let journal = InMemoryJournal()
            let outcome = try await fixture.conversation(model, journal: journal).run()
            #expect(outcome.end == .finished(FinalCall(name: "finish", arguments: ["summary": "all done"])))
            #expect(outcome.iterations == 3)
            #expect(outcome.usage.llmCalls == 3)
            #expect(abs(outcome.usage.costUSD - 0.03) < 1e-9)
            #expect(fixture.text("a") == "x")
            let steps = journal.records
            #expect(steps.map(\.step.name) == ["turn", "write_file", "turn", "run_shell_command", "turn", "finish"])
            #expect(steps.map { $0.outcome.checkpoint != nil } == [false, true, false, true, false, true])
            #expect(steps.filter { $0.outcome.progress?.ok == true }.count == 3)
        }
    }

    @Test func `calls of one reply run in order and are answered once each`() async throws {
        try await AgentFixture.with { fixture in
            let calls = (1...3).map { number in
                ToolCall(id: "same", name: "run_shell_command", arguments: "{\"command\":\"echo \(number) >> log\"}")
            }
            let model = PlayedModel([.calls(calls), .calls(calls), .finish()])
            let outcome = try await fixture.conversation(model).run()
            #expect(outcome.iterations == 3)
            #expect(fixture.text("log") == "1\n2\n3\n1\n2\n3\n")
        }
    }

    @Test func `unknown tools, broken JSON and wrong types are answered with advice`() async throws {
        try await AgentFixture.with { fixture in
            let calls = [
                ToolCall(id: "1", name: "fly", arguments: "{}"),
                ToolCall(id: "2", name: "read_file", arguments: "{\"file_path\": \"a"),
                ToolCall(id: "3", name: "read_file", arguments: "[1]"),
                ToolCall(id: "4", name: "read_file", arguments: ""),
            ]
            let model = PlayedModel([.calls(calls), .finish()])
            let outcome = try await fixture.conversation(model).run()
            guard case .finished = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            let results = try #require(model.requests.last).messages.filter { $0.role == .tool }.compactMap(\.content)
            #expect(results[0].contains("There is no tool fly. The tools are: run_shell_command"))
            #expect(results[1].contains("not a JSON object"))
            #expect(results[2].contains("not a JSON object"))
            #expect(results[3].contains("`file_path` is missing"))
        }
    }

    @Test func `the end is refused while an earlier call of the same reply failed`() async throws {
        try await AgentFixture.with { fixture in
            let calls = [
                ToolCall(id: "1", name: "read_file", arguments: "{\"file_path\":\"none\"}"),
                ToolCall(id: "2", name: "finish", arguments: "{\"summary\":\"x\"}"),
            ]
            let outcome = try await fixture.conversation(PlayedModel([.calls(calls), .finish()])).run()
            #expect(outcome.iterations == 2)
        }
    }

    @Test(arguments: ["I think it is done.", "", "}{ \u{0} nonsense"])
    func `a model that calls no tool is reminded three times, then it is stuck`(text: String) async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.text(text)])
            let outcome = try await fixture.conversation(model).run()
            guard case .stuck = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(model.replies == 4)
            #expect(model.requests.last?.messages.last?.content?.contains("You called no tool") == true)
        }
    }

    @Test func `a reminder helps`() async throws {
        try await AgentFixture.with { fixture in
            let outcome = try await fixture.conversation(PlayedModel([.text("hm"), write, .text("hm"), .finish()]))
                .run()
            #expect(outcome.iterations == 4)
        }
    }

    @Test func `the same call with the same result ends as stuck`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.call("read_file", ["file_path": "none"])])
            let outcome = try await fixture.conversation(model).run()
            guard case .stuck(let reason) = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(reason.contains("5 times"))
            #expect(model.requests[3].messages.last?.content?.contains("Do something else") == true)
        }
    }

    @Test func `two calls that take turns end as stuck`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, _ in
                .call("list_directory", ["dir_path": turn % 2 == 0 ? "." : "/workspace"])
            }
            let outcome = try await fixture.conversation(model).run()
            guard case .stuck(let reason) = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(reason.contains("took turns"))
        }
    }

    @Test func `iterations run out, after a warning`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, _ in .call("run_shell_command", ["command": .string("echo \(turn)")]) }
            let outcome = try await fixture.conversation(model, limits: .init(maxIterations: 6)).run()
            #expect(outcome.end == .iterationsExhausted)
            #expect(model.replies == 6)
            let warnings = model.requests.map { $0.messages.last?.content?.contains("turns are left") ?? false }
            #expect(warnings == [false, false, false, false, true, false])
        }
    }

    @Test func `a budget that is raised meanwhile holds from the next turn on`() async throws {
        try await AgentFixture.with { fixture in
            let signals = PlayedSignals { _ in ControlState() }
            let model = PlayedModel { turn, _ in
                if turn == 3 { signals.maxCostUSD = 2 }
                return .call("run_shell_command", ["command": .string("echo \(turn)")], cost: 0.125)
            }
            let outcome = try await fixture.conversation(model, signals: signals, limits: .init(maxCostUSD: 1)).run()
            #expect(outcome.end == .budgetExhausted)
            #expect(model.replies == 16)
        }
    }

    @Test func `money runs out before the call that would exceed it, after a warning`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, _ in
                .call("run_shell_command", ["command": .string("echo \(turn)")], cost: 0.125)
            }
            let outcome = try await fixture.conversation(model, limits: .init(maxCostUSD: 1)).run()
            #expect(outcome.end == .budgetExhausted)
            #expect(model.replies == 8)
            #expect(outcome.usage.costUSD == 1)
        }
    }

    @Test func `unknown cost counts as free, tokens are summed`() async throws {
        try await AgentFixture.with { fixture in
            let call = ToolCall(id: "1", name: "list_directory", arguments: "{}")
            let usage = TokenUsage(promptTokens: 100, completionTokens: 5)
            let model = PlayedModel([.calls([call], usage: usage, cost: nil), .finish()])
            let outcome = try await fixture.conversation(model, limits: .init(maxCostUSD: 0.5)).run()
            #expect(outcome.usage.promptTokens == 100)
            #expect(outcome.usage.costUSD == 0.01)
        }
    }

    @Test func `a cancelled task throws and stops its command`() async throws {
        try await AgentFixture.with { fixture in
            let pipe = fixture.root + "/begun"
            #expect(mkfifo(pipe, 0o666) == 0 && chmod(pipe, 0o666) == 0)
            let model = PlayedModel([.call("run_shell_command", ["command": "echo begun > begun; sleep 60"])])
            let conversation = fixture.conversation(model)
            let task = Task { try await conversation.run() }
            // Reading a pipe waits for its writer.
            let said = try await BlockingPool(label: "test", width: 1).run {
                try FileHandle(forReadingAtPath: pipe)?.readToEnd() ?? Data()
            }
            #expect(said == Data("begun\n".utf8))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `messages of people are passed on once`() async throws {
        try await AgentFixture.with { fixture in
            let signals = PlayedSignals { ControlState(steering: $0 < 2 ? [] : ["use tabs", "and be quick"]) }
            let model = PlayedModel([write, .call("list_directory", [:]), .finish()])
            _ = try await fixture.conversation(model, signals: signals).run()
            let said = model.requests[1].messages.last?.content ?? ""
            #expect(said.contains("use tabs") && said.contains("and be quick"))
            let all = model.requests[2].messages.filter { $0.content?.contains("use tabs") == true }
            #expect(all.count == 1)
        }
    }

    @Test func `a failing model ends the conversation with its error`() async throws {
        try await AgentFixture.with { fixture in
            let error = ModelError(.unauthorized, "the key is wrong")
            let outcome = try await fixture.conversation(PlayedModel([.error(error)])).run()
            #expect(outcome.end == .modelFailed(error))
        }
    }

    @Test func `a reply that was cut is a failure that may pass, and the model is not blamed for it`() async throws {
        try await AgentFixture.with { fixture in
            let cut = ModelError(.incompleteReply, "cut")
            let outcome = try await fixture.conversation(PlayedModel([.error(cut), .finish()])).run()
            #expect(outcome.end == .modelFailed(cut))
            #expect(cut.isRetriable)
        }
    }

    @Test func `of a reply with very many calls the first are made and all are answered`() async throws {
        try await AgentFixture.with { fixture in
            let calls = (1...1500).map { number in
                ToolCall(
                    id: "\(number)", name: "update_todos",
                    arguments: "{\"items\":[{\"text\":\"\(number)\",\"status\":\"done\"}]}")
            }
            let model = PlayedModel([.calls(calls), .finish()])
            let journal = InMemoryJournal()
            let limits = ConversationLimits(maxIterations: 3)
            let outcome = try await fixture.conversation(model, journal: journal, limits: limits).run()
            #expect(outcome.iterations == 2)
            #expect(journal.records.count { $0.step.kind == .toolCall } == 64 + 1)
            let answers = try #require(model.requests.last).messages.filter { $0.role == .tool }.compactMap(\.content)
            #expect(answers.count == 1500)
            #expect(answers[63] == "[x] 64" && answers[64].hasPrefix("error: not done"))
        }
    }

    @Test func `a limit of output is one of bytes`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("marks", "a" + String(repeating: "\u{301}", count: 500_000))
            let model = PlayedModel([
                .call("run_shell_command", ["command": "cat marks"]), .call("read_file", ["file_path": "marks"]),
                .call("record_discovery", ["content": .string("a" + String(repeating: "\u{301}", count: 5000))]),
                .finish(),
            ])
            let journal = InMemoryJournal()
            _ = try await fixture.conversation(model, journal: journal).run()
            let answers = try #require(model.requests.last).messages.filter { $0.role == .tool }.compactMap(\.content)
            #expect(answers.count == 3)
            #expect(answers.allSatisfy { $0.utf8.count < 12_500 })
            let discoveries = journal.records.compactMap { $0.outcome.discovery?.content.utf8.count }
            #expect(discoveries == [1999])
        }
    }
}
