/// One question to a model: the whole conversation so far and the tools on offer.
package struct ChatRequest: Codable, Sendable, Hashable {
    /// The model's name at its provider; empty for the configured default.
    package var model: String
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
    /// About how many tokens the messages have: four bytes a token.
    var estimatedTokens: Int { messages.reduce(0) { $0 + $1.estimatedTokens } }
}

extension ChatMessage {
    fileprivate static let bytesPerToken = 4

    var estimatedTokens: Int {
        toolCalls.reduce(content?.utf8.count ?? 0) { $0 + $1.arguments.utf8.count } / Self.bytesPerToken
    }
}
