import Foundations
import LanguageModels

/// What a conversation knows of calls that its model wrote into texts.
struct WrittenCallsSeen: Sendable {
    /// Whether there was one. The operator is told once.
    var wereSeen = false
    /// Why the last reply's were not made.
    var doubt: String?
}

/// Calls that stand in the text of a reply, see ``WrittenCalls``. What is made of a reply follows from the reply as it
/// was recorded, so a run that goes on makes the same of it.
extension Conversation {
    static let parserHint =
        "calls stand in the text of the model's replies: the tool parser of its server seems to be off or of another model"

    /// Adds the reply to the conversation, with the calls that stand in its text as calls of its own.
    func takeUp(_ reply: ChatMessage, _ state: inout ConversationState) -> [ToolCall] {
        var message = reply
        let reading = WrittenCalls.read(reply, setup.catalogue)
        state.writtenCalls.wereSeen = state.writtenCalls.wereSeen || reading != .none
        state.writtenCalls.doubt = nil
        switch reading {
        case .none: break
        case .doubtful(let reason): state.writtenCalls.doubt = reason
        case .calls(let calls, let text):
            message.content = text.isEmpty ? nil : text
            message.toolCalls = calls.enumerated().map { index, call in
                ToolCall(
                    id: "written-\(state.iterations)-\(index + 1)", name: call.name, arguments: call.arguments ?? "{}")
            }
        }
        return state.append(reply: message)
    }

    /// What the operator is told of a reply with calls in its text.
    func writtenCallsRemark(_ turn: ModelTurn) -> String? {
        guard let message = turn.reply?.message else { return nil }
        switch WrittenCalls.read(message, setup.catalogue) {
        case .none: return nil
        case .calls: return "\(Self.parserHint); they are made"
        case .doubtful(let reason): return "\(Self.parserHint); not made: \(OutputLimiter.line(reason))"
        }
    }

    /// What the model is told after a reply without a call.
    func noCallNote(_ state: ConversationState) -> String {
        let note =
            "You called no tool. Go on with the task by calling tools, or call \(setup.catalogue.finalTool) if it is done."
        guard let doubt = state.writtenCalls.doubt else { return note }
        return note + " What looks like a call in your text was not made: \(OutputLimiter.line(doubt, 500))"
    }
}
