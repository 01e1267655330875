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
