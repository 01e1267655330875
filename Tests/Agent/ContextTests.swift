import Agent
import Foundation
import Foundations
import LanguageModels
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ContextTests {
    private func noisy(_ turn: Int) -> PlayedModel.Line {
        .call("run_shell_command", ["command": .string("seq \(turn) \(turn + 1500)")])
    }

    @Test func `old output is shortened, then older turns are summarised, and the task stays`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, request in
                if request.tools.isEmpty { return .text("the summary") }
                return turn < 24 ? noisy(turn) : .finish()
            }
            let limits = ConversationLimits(contextTokens: 9000, keptToolResults: 2, maxSummaries: 2)
            let outcome = try await fixture.conversation(model, limits: limits).run()
            guard case .finished = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            let last = try #require(model.requests.last).messages
            #expect(last[0] == .system("system"))
            #expect(last[1] == .user("task"))
            #expect(last[2].content?.contains("the summary") == true)
            #expect(
                model.requests.contains { $0.messages.contains { $0.content?.contains("Shortened to save") == true } })
            #expect(model.requests.count { $0.tools.isEmpty } <= 2)
            for request in model.requests {
                let size = request.messages.reduce(0) { $0 + ($1.content?.count ?? 0) }
                #expect(size < 9000 * 4, "\(size)")
            }
        }
    }

    @Test func `todos and messages of people survive a summary word by word`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, request in
                if request.tools.isEmpty { return .text("the summary") }
                if turn == 0 {
                    return .call("update_todos", ["items": [["text": "keep me", "status": "pending"]]])
                }
                return turn < 20 ? noisy(turn) : .finish()
            }
            let signals = PlayedSignals { _ in ControlState(steering: ["spaces, never tabs"]) }
            _ = try await fixture.conversation(
                model, signals: signals, limits: .init(contextTokens: 9000, keptToolResults: 2)
            ).run()
            let replacement = model.requests.last?.messages[2].content ?? ""
            #expect(replacement.contains("[ ] keep me"))
            #expect(replacement.contains("spaces, never tabs"))
        }
    }

    @Test func `a provider that finds the conversation too long gets a shorter one`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, request in
                if request.tools.isEmpty { return .text("short") }
                let size = request.messages.reduce(0) { $0 + ($1.content?.count ?? 0) }
                if size > 20_000 { return .error(ModelError(.contextTooLong, "too long")) }
                return turn < 12 ? noisy(turn) : .finish()
            }
            let outcome = try await fixture.conversation(model).run()
            guard case .finished = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
        }
    }

    @Test func `a provider that never has enough room ends the conversation`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.error(ModelError(.contextTooLong, "too long"))])
            let outcome = try await fixture.conversation(model).run()
            guard case .modelFailed(let error) = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(error.code == .contextTooLong)
        }
    }

    @Test func `what cannot be made short enough goes to a model with a larger window`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { _, request in
                request.isShortest ? .finish() : .error(ModelError(.contextTooLong, "too long"))
            }
            let outcome = try await fixture.conversation(model).run()
            guard case .finished = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            #expect(model.requests.count == 4)
        }
    }

    /// The window that a provider tells is kept to from then on.
    @Test func `a conversation is shortened to the window that the provider tells`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel { turn, request in
                if request.tools.isEmpty { return .text("short") }
                let size = request.messages.reduce(0) { $0 + ($1.content?.count ?? 0) }
                guard size <= 24_000 else {
                    var error = ModelError(.contextTooLong, "maximum context length is 6000 tokens")
                    error.contextTokens = 6000
                    return .error(error)
                }
                return turn < 14 ? noisy(turn) : .finish()
            }
            let outcome = try await fixture.conversation(model).run()
            guard case .finished = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
            let refused = model.requests.count { request in
                !request.tools.isEmpty && request.messages.reduce(0) { $0 + ($1.content?.count ?? 0) } > 24_000
            }
            #expect(refused == 1)
        }
    }

    @Test func `a budget that must hold ends a conversation whose cost nobody knows`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.call("list_directory", ["dir_path": "."], cost: nil), .finish()])
            let limits = ConversationLimits(maxCostUSD: 1, refusesUnpriced: true)
            let outcome = try await fixture.conversation(model, limits: limits).run()
            #expect(outcome.end == .unpriced("played"))
            let free = try await fixture.conversation(model, limits: .init(refusesUnpriced: true)).run()
            guard case .finished = free.end else { return #expect(Bool(false), "\(free.end)") }
        }
    }

    @Test func `long output is cut in the middle for the model`() async throws {
        try await AgentFixture.with { fixture in
            let model = PlayedModel([.call("run_shell_command", ["command": "seq 1 9000"]), .finish()])
            _ = try await fixture.conversation(model).run()
            let result = model.requests.last?.messages.last?.content ?? ""
            #expect(result.count < 12_200)
            #expect(result.hasPrefix("exit code: 0\n1\n2\n"))
            #expect(result.hasSuffix("8999\n9000\n"))
            #expect(result.contains("characters cut here"))
        }
    }
}
