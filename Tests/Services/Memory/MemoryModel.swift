import Foundations
import LanguageModels
import Synchronization

/// A model that plays a script.
final class MemoryModel: ChatModel, Sendable {
    /// What a model does in a turn.
    enum Turn: Sendable {
        case call(String, JSONValue)
        case fails(ModelError)
    }

    private struct State {
        var turns: [Turn]
        var requests: [ChatRequest] = []
    }

    private let state: Mutex<State>
    /// What a call costs, in US dollars; `nil` where nobody knows.
    private let price: Double?
    /// Told before each answer, with the number of the question from 1.
    private let asked: @Sendable (Int) -> Void

    /// Plays `turns` in order and the last one for ever.
    init(_ turns: [Turn], price: Double? = 0.01, asked: @escaping @Sendable (Int) -> Void = { _ in }) {
        state = Mutex(State(turns: turns))
        self.price = price
        self.asked = asked
    }

    /// What it was asked, in order.
    var requests: [ChatRequest] { state.withLock { $0.requests } }

    /// All that it was told before the last question.
    var heard: String { requests.last?.messages.compactMap(\.content).joined(separator: "\n") ?? "" }

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        let (turn, number) = state.withLock { state in
            state.requests.append(request)
            let next = state.turns.count > 1 ? state.turns.removeFirst() : state.turns[0]
            return (next, state.requests.count)
        }
        asked(number)
        if Task.isCancelled { throw ModelError(.cancelled, "cancelled") }
        switch turn {
        case .fails(let error): throw error
        case .call(let name, let arguments):
            let call = ToolCall(id: "\(number)", name: name, arguments: (try? arguments.text()) ?? "")
            return ChatReply(
                message: .assistant(nil, toolCalls: [call]), usage: TokenUsage(promptTokens: 0, completionTokens: 10),
                costUSD: price, finishReason: "tool_calls", model: "played")
        }
    }
}

extension MemoryModel.Turn {
    static func write(_ path: String, _ text: String) -> Self {
        .call("write_file", ["file_path": .string(path), "content": .string(text)])
    }

    static func shell(_ command: String) -> Self { .call("run_shell_command", ["command": .string(command)]) }

    static let finish = call("finish", ["summary": "done", "commit_message": "Mend add"])

    /// A plan of two steps.
    static let plan = call(
        "submit_plan", ["goal": "add adds", "steps": ["look", "mend"], "files_to_modify": ["calc.py"]])
}
