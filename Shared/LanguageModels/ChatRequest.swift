import Foundations

/// One question to a model: the whole conversation so far and the tools on offer.
package struct ChatRequest: Codable, Sendable, Hashable {
    /// The model's name at its provider; empty for the configured default.
    package var model: String
    /// The models to ask in this order when it is unavailable; `nil` for the configured ones.
    package var fallbacks: [String]?
    package var messages: [ChatMessage]
    package var tools: [ToolDefinition]
    /// Sampling temperature, 0 to 2; `nil` leaves it to the provider.
    package var temperature: Double?
    /// The most tokens that the reply may have; `nil` leaves it to the provider.
    package var maxTokens: Int?
    /// Whether the conversation cannot be made shorter: then a model with a larger window may answer.
    package var isShortest = false

    package init(
        model: String = "", messages: [ChatMessage], tools: [ToolDefinition] = [], temperature: Double? = nil,
        maxTokens: Int? = nil
    ) {
        self.model = model
        self.messages = messages
        self.tools = tools
        self.temperature = temperature
        self.maxTokens = maxTokens
    }
}

extension ChatRequest {
    /// About how many tokens the messages and the tools have.
    var estimatedTokens: Int {
        messages.reduce(0) { $0 + $1.estimatedTokens } + tools.reduce(0) { $0 + $1.estimatedTokens }
    }
}

extension ChatMessage {
    /// Four bytes a token.
    fileprivate static let bytesPerToken = 4

    /// About how many tokens it has, with what came beside the words: thinking is read, and paid for, too.
    var estimatedTokens: Int {
        let thinking = extras.isEmpty ? 0 : JSONValue.object(extras).approximateBytes(levels: 64) ?? 0
        let calls = toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
        return ((content?.utf8.count ?? 0) + calls + thinking) / Self.bytesPerToken
    }
}

extension ToolDefinition {
    fileprivate var estimatedTokens: Int {
        let schema = (try? parameters.text().utf8.count) ?? 0
        return (name.utf8.count + description.utf8.count + schema) / ChatMessage.bytesPerToken
    }
}
