import FoundationEssentials
import Foundations

/// Puts the chunks of a reply together. A pure value.
struct CompletionAssembler {
    /// The most bytes of text that are kept. Calls are bounded by the reply: their arguments can be whole files.
    static let maximumContentBytes = 1 << 20
    /// The most bytes of what this system does not read.
    static let maximumExtrasBytes = 4 << 20
    /// The most levels of it within each other.
    private static let maximumExtrasLevels = 64

    private var content: String?
    private var calls: CallAssembly
    private var extras = Extras()
    private var usage: [String: JSONValue] = [:]
    private var model: String?
    private var finishReason: String?
    private var hasChoice = false
    private var hasPieces = false
    private var wholeMessages = 0
    /// Whether the content is kept in parts, too, because some are no text.
    private var hasParts = false
    private var hasHalves = false
    private var freeExtrasBytes = maximumExtrasBytes

    /// Set by the provider's end mark.
    var isDone = false

    /// - Parameter offered: The names of the tools that the model was offered.
    init(offered: Set<String> = []) { calls = CallAssembly(offered: offered) }

    /// Whether anything of a completion came.
    var hasBegun: Bool { hasChoice }

    /// Whether the provider said why it stopped, or that it has.
    var isWhole: Bool { hasChoice && (isDone || finishReason != nil) }

    /// Whether the reply is whole if the body is: it may be one message that came in one piece.
    var isWholeAtEnd: Bool { isWhole || !hasPieces && wholeMessages == 1 }

    /// Takes one chunk, or a whole reply.
    mutating func add(_ value: ReplyReader.Value) {
        let chunk = CompletionChunk(value.json)
        hasHalves = hasHalves || value.hasHalves
        model = chunk.model ?? model
        usage.merge((chunk.usage ?? [:]).filter { $0.value != .null }) { $1 }
        hasChoice = hasChoice || chunk.hasChoice
        finishReason = chunk.finishReason ?? finishReason
        switch chunk.message {
        case .piece(let members):
            let message = bounded(MessageMembers(members))
            if chunk.finishReason != nil, repeats(message) { addWhole(message) } else { addPiece(message) }
        case .whole(let members): addWhole(bounded(MessageMembers(members)))
        case nil: break
        }
    }

    private mutating func addPiece(_ message: MessageMembers) {
        hasPieces = true
        if let text = message.content { append(text, parts: message.parts) }
        for piece in message.calls { calls.add(piece) }
        extras.add(message.extras)
    }

    /// Whether a last piece is all of the text once more; too short a text may just go on with the same words.
    private func repeats(_ message: MessageMembers) -> Bool {
        (message.content?.utf8.count ?? 0) >= 32 && message.content == content
    }

    /// A whole message repeats the pieces before it, or the whole messages if each has all so far; else each is a piece.
    private mutating func addWhole(_ message: MessageMembers) {
        wholeMessages += 1
        let known = (content ?? "").utf8
        if let text = message.content {
            if !hasPieces, text.utf8.starts(with: known), !known.isEmpty {
                append(String(decoding: text.utf8.dropFirst(known.count), as: UTF8.self), parts: nil)
            } else if !hasPieces || known.isEmpty {
                append(text, parts: message.parts)
            }
        }
        if hasPieces || wholeMessages == 1 {
            calls.fill(by: message.calls)
        } else {
            calls.add(again: message.calls)
        }
        extras.replace(by: message.extras)
    }

    private mutating func append(_ text: String, parts: [JSONValue]?) {
        if let parts, !hasParts {
            hasParts = true
            if let content, !content.isEmpty { extras.add(["content": Self.parts(content)]) }
            extras.add(["content": .array(parts)])
        } else if hasParts {
            extras.add(["content": parts.map { .array($0) } ?? Self.parts(text)])
        }
        let free = Self.maximumContentBytes - (content?.utf8.count ?? 0)
        if content == nil { content = "" }
        content?.append(contentsOf: text.prefix(bytes: free))
    }

    private static func parts(_ text: String) -> JSONValue { [["type": "text", "text": .string(text)]] }

    /// The members without extras beyond the bound.
    private mutating func bounded(_ message: MessageMembers) -> MessageMembers {
        var message = message
        let extras =
            [message.extras, message.parts.map { ["content": .array($0)] } ?? [:]] + message.calls.map(\.extras)
        for members in extras where !members.isEmpty {
            let bytes = JSONValue.object(members).approximateBytes(levels: Self.maximumExtrasLevels)
            freeExtrasBytes -= bytes ?? Self.maximumExtrasBytes + 1
        }
        guard freeExtrasBytes < 0 else { return message }
        message.extras = [:]
        message.parts = nil
        for index in message.calls.indices { message.calls[index].extras = [:] }
        return message
    }
}

// MARK: The reply

extension CompletionAssembler {
    /// The reply to a request for `requested`, whatever was received of it.
    func reply(requested: String) throws(ModelError) -> ChatReply {
        if let failure = ModelError(finishReason: finishReason) { throw failure }
        var whole = self
        if hasHalves { whole.joinHalves() }
        let reported = ReportedUsage(usage)
        let model = model ?? requested
        return ChatReply(
            message: ChatMessage(
                role: .assistant, content: whole.content, toolCalls: try whole.uniqueCalls(),
                extras: whole.extras.members),
            usage: reported.tokens,
            costUSD: reported.cost
                ?? (reported.tokens == TokenUsage() ? nil : Pricing.cost(of: reported.tokens, model: model)),
            finishReason: finishReason, model: model, remark: remark(reported))
    }

    private func remark(_ reported: ReportedUsage) -> String? {
        let dropped =
            freeExtrasBytes < 0
            ? "the reply has too much that is not read, more than \(Self.maximumExtrasBytes) bytes or "
                + "\(Self.maximumExtrasLevels) levels; the rest is left out" : nil
        let remarks = [reported.remark, dropped].compactMap { $0 }
        return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }

    private mutating func joinHalves() {
        content = content.map(HalfSurrogate.joined)
        calls.joinHalves()
        extras.joinHalves()
    }

    /// The calls with ids that are neither empty nor repeated.
    private func uniqueCalls() throws(ModelError) -> [ToolCall] {
        var seen: Set<String> = []
        var unique: [ToolCall] = []
        for call in calls.calls where !(call.name.isEmpty && call.isBlank) {
            guard !call.name.isEmpty else { throw ModelError(.badReply, "the reply calls a tool without a name") }
            var id = call.id
            if id.isEmpty || !seen.insert(id).inserted { id = "call_\(UUID.v7().text)" }
            unique.append(
                ToolCall(
                    id: id, name: call.name, arguments: call.wholeArguments,
                    extras: call.extras.members))
        }
        return unique
    }
}
