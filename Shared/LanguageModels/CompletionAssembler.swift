import FoundationEssentials
import Foundations

/// Puts the chunks of a streamed reply together. A pure value.
struct CompletionAssembler {
    private struct PartialCall {
        var index: Int?
        var call: ToolCall
    }

    /// More are not kept: no reply of use has as many, and each is answered.
    static let maximumCalls = 256
    /// The most bytes of text that are kept. Calls are bounded by the reply: their arguments can be whole files.
    static let maximumContentBytes = 1 << 20
    private static let maximumNameBytes = 128

    private var content: String?
    private var calls: [PartialCall] = []
    private var usage: CompletionChunk.Usage?
    private var model: String?
    private var finishReason: String?
    private var hasChoice = false
    private var droppedCalls = false

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
        if let text = message.content { add(text) }
        for piece in message.toolCalls { add(piece) }
    }

    private mutating func add(_ text: String) {
        let free = Self.maximumContentBytes - (content?.utf8.count ?? 0)
        if content == nil { content = "" }
        content?.append(contentsOf: text.prefix(bytes: free))
    }

    /// A piece continues the call of its index. A new id under an old index is a new call: some providers number all
    /// their parallel calls 0.
    private mutating func add(_ piece: CompletionChunk.ToolCallPiece) {
        // Pieces need not say which call they continue: they may be of the one that was dropped.
        guard !droppedCalls else { return }
        let arguments = piece.function?.arguments.map { $0.stringValue ?? (try? $0.text()) ?? "" } ?? ""
        let known = piece.index.map { index in calls.lastIndex { $0.index == index } } ?? calls.indices.last
        if let known, piece.id.map({ $0.isEmpty || $0 == calls[known].call.id }) ?? true {
            if calls[known].call.name.isEmpty { calls[known].call.name = Self.name(piece) }
            calls[known].call.arguments += arguments
        } else if calls.count < Self.maximumCalls {
            let call = ToolCall(
                id: String((piece.id ?? "").prefix(bytes: Self.maximumNameBytes)), name: Self.name(piece),
                arguments: arguments)
            calls.append(PartialCall(index: piece.index, call: call))
        } else {
            droppedCalls = true
        }
    }

    private static func name(_ piece: CompletionChunk.ToolCallPiece) -> String {
        String((piece.function?.name ?? "").prefix(bytes: maximumNameBytes))
    }

    /// The whole reply to a request for `requested`.
    func reply(requested: String) throws(ModelError) -> ChatReply {
        guard hasChoice else { throw ModelError(.badReply, "the reply has no choices") }
        guard isWhole else { throw ModelError(.incompleteReply, "the reply ended before it was whole") }
        guard finishReason != "error" else { throw ModelError(.badReply, "the provider broke off with an error") }
        guard calls.allSatisfy({ !$0.call.name.isEmpty }) else {
            throw ModelError(.badReply, "the reply calls a tool without a name")
        }
        let reported = ReportedUsage(usage)
        let model = model.flatMap { $0.isEmpty ? nil : $0 } ?? requested
        return ChatReply(
            message: .assistant(content, toolCalls: uniqueCalls()), usage: reported.tokens,
            costUSD: reported.cost ?? (usage == nil ? nil : Pricing.cost(of: reported.tokens, model: model)),
            finishReason: finishReason, model: model, remark: reported.remark)
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
