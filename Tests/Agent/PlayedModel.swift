import Foundations
import LanguageModels
import Synchronization
import Testing

/// A model that plays a script in this process. It checks that every request is one that providers accept.
final class PlayedModel: ChatModel {
    /// One reply, or the error that is thrown instead.
    enum Line: Sendable {
        case calls([ToolCall], usage: TokenUsage = .init(promptTokens: 0, completionTokens: 10), cost: Double? = 0.01)
        case text(String)
        case error(ModelError)

        /// A single call with the arguments as JSON.
        static func call(_ name: String, _ arguments: JSONValue, id: String = "c", cost: Double? = 0.01) -> Line {
            .calls([ToolCall(id: id, name: name, arguments: (try? arguments.text()) ?? "")], cost: cost)
        }

        static func finish(_ summary: String = "done") -> Line { .call("finish", ["summary": .string(summary)]) }
    }

    private struct State {
        var answered = 0
        var requests: [ChatRequest] = []
    }

    private let state = Mutex(State())
    private let line: @Sendable (_ turn: Int, _ request: ChatRequest) -> Line

    /// Plays `lines` in order and the last one for ever.
    convenience init(_ lines: [Line]) {
        self.init { turn, _ in lines[min(turn, lines.count - 1)] }
    }

    /// Asks `line` for each reply; it gets the number of assistant messages so far.
    init(_ line: @escaping @Sendable (_ turn: Int, _ request: ChatRequest) -> Line) { self.line = line }

    var requests: [ChatRequest] { state.withLock { $0.requests } }
    /// Replies that were given, errors aside.
    var replies: Int { state.withLock { $0.answered } }

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        let violations = PairingCheck.violations(in: request.messages)
        #expect(violations.isEmpty, "\(violations)")
        let turn = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        let message: ChatMessage
        var usage = TokenUsage(promptTokens: 0, completionTokens: 10)
        var cost: Double? = 0.01
        switch line(turn, request) {
        case .calls(let calls, let reported, let price):
            message = .assistant(nil, toolCalls: calls)
            (usage, cost) = (reported, price)
        case .text(let text): message = .assistant(text)
        case .error(let error): throw error
        }
        state.withLock { $0.answered += 1 }
        return ChatReply(message: message, usage: usage, costUSD: cost, finishReason: "stop", model: "played")
    }
}
