import FoundationEssentials
import Foundations

/// Puts the chunks of a streamed reply together. A pure value.
struct CompletionAssembler {
    private struct PartialCall {
        var index: Int?
        var call: ToolCall
    }

    private var content: String?
    private var calls: [PartialCall] = []
    private var usage: CompletionChunk.Usage?
    private var model: String?
    private var finishReason: String?
    private var hasChoice = false

    /// Set by the provider's end mark.
    var isDone = false

    /// Whether the reply is whole: the provider said why it stopped, or that it has.
    var isWhole: Bool { hasChoice && (isDone || finishReason != nil) }

    /// Takes one chunk, or a whole reply.
    mutating func add(_ chunk: CompletionChunk) {
        model = chunk.model ?? model
        usage = chunk.usage ?? usage
        guard let choice = chunk.choices?.first else { return }
        hasChoice = true
        finishReason = choice.finishReason ?? finishReason
        guard let message = choice.delta ?? choice.message else { return }
        if let text = message.content { content = (content ?? "") + text }
        for piece in message.toolCalls { add(piece) }
    }

    /// A piece continues the call of its index. A new id under an old index is a new call: some providers number all
    /// their parallel calls 0.
    private mutating func add(_ piece: CompletionChunk.ToolCallPiece) {
        let arguments = piece.function?.arguments.map { $0.stringValue ?? (try? $0.text()) ?? "" } ?? ""
        let known = piece.index.map { index in calls.lastIndex { $0.index == index } } ?? calls.indices.last
        if let known, piece.id.map({ $0.isEmpty || $0 == calls[known].call.id }) ?? true {
            if calls[known].call.name.isEmpty { calls[known].call.name = piece.function?.name ?? "" }
            calls[known].call.arguments += arguments
        } else {
            let call = ToolCall(id: piece.id ?? "", name: piece.function?.name ?? "", arguments: arguments)
            calls.append(PartialCall(index: piece.index, call: call))
        }
    }

    /// The whole reply to a request for `requested`.
    func reply(requested: String) throws(ModelError) -> ChatReply {
        guard hasChoice else { throw ModelError(.badReply, "the reply has no choices") }
        guard isWhole else { throw ModelError(.incompleteReply, "the reply ended before it was whole") }
        guard finishReason != "error" else { throw ModelError(.badReply, "the provider broke off with an error") }
        guard calls.allSatisfy({ !$0.call.name.isEmpty }) else {
            throw ModelError(.badReply, "the reply calls a tool without a name")
        }
        let tokens = TokenUsage(
            promptTokens: max(0, usage?.promptTokens ?? 0), completionTokens: max(0, usage?.completionTokens ?? 0))
        let model = model.flatMap { $0.isEmpty ? nil : $0 } ?? requested
        return ChatReply(
            message: .assistant(content, toolCalls: uniqueCalls()), usage: tokens, costUSD: cost(tokens, model),
            finishReason: finishReason, model: model)
    }

    private func cost(_ tokens: TokenUsage, _ model: String) -> Double? {
        if let cost = usage?.cost, cost.isFinite, cost >= 0 { return cost }
        return usage == nil ? nil : Pricing.cost(of: tokens, model: model)
    }

    /// The calls with ids that are neither empty nor repeated, and arguments that are never an empty text.
    private func uniqueCalls() -> [ToolCall] {
        var seen: Set<String> = []
        return calls.map { partial in
            var call = partial.call
            if call.id.isEmpty || !seen.insert(call.id).inserted { call.id = "call_\(UUID.v7().text)" }
            if call.arguments.allSatisfy(\.isWhitespace) { call.arguments = "{}" }
            return call
        }
    }
}
