import Contracts
import Foundations
import LanguageModels

/// The journaled result of a model call: the reply, and what was said to the model on top of the conversation so far.
struct ModelTurn: Codable, Sendable {
    /// Errors that are results, because the conversation itself answers them.
    enum Failure: String, Codable {
        case contextTooLong = "context_too_long"
        /// Kept for the journals of earlier versions: now a cut reply is a failure of the call, which is made again.
        case incompleteReply = "incomplete_reply"
    }

    /// Messages of people that were passed on with this call.
    var steering: [String] = []
    /// Reminders of the loop itself.
    var notes: [String] = []
    /// Whether the notes hold the instruction to come to an end.
    var wrapsUp = false
    var reply: ChatReply?
    var failure: Failure?
    /// What the provider said of the failure, and what the model takes at once in tokens if it told.
    var refusal: String?
    var contextTokens: Int?

    /// What was said on top, as one message.
    var addition: ChatMessage? {
        let parts = notes + steering.map { "Message from the people in charge of this task:\n\($0)" }
        return parts.isEmpty ? nil : .user(parts.joined(separator: "\n\n"))
    }

    /// Asks the model and keeps the answer, or the failure that the conversation answers itself.
    mutating func ask(_ model: any ChatModel, _ request: ChatRequest) async throws -> StepOutcome {
        do {
            reply = try await model.complete(request)
        } catch {
            switch error.code {
            case .contextTooLong:
                failure = .contextTooLong
                refusal = error.message
                contextTokens = error.contextTokens
            case .cancelled: throw CancellationError()
            default: throw error
            }
        }
        return StepOutcome(
            result: try JSONValue(encoding: self), usage: usage, remark: reply?.remark,
            unpriced: reply.flatMap { $0.costUSD == nil ? $0.model : nil })
    }

    /// What the call took; `nil` if there was no reply.
    var usage: Usage? {
        reply.map {
            Usage(
                llmCalls: 1, promptTokens: $0.usage.promptTokens, completionTokens: $0.usage.completionTokens,
                costUSD: max(0, $0.costUSD ?? 0))
        }
    }
}
