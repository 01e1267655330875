/// A model's whole reply.
package struct ChatReply: Codable, Sendable, Hashable {
    /// The assistant's message. It is whole: a reply that was cut is an error, never a reply.
    package var message: ChatMessage
    package var usage: TokenUsage
    /// What the call cost in US dollars: the provider's figure, else ``Pricing``; `nil` if neither knows.
    package var costUSD: Double?
    /// Why the model stopped: `stop`, `tool_calls`, `length`, `content_filter`, or what the provider says.
    package var finishReason: String?
    /// The model that answered, as the provider names it.
    package var model: String
    /// The name that it was asked by, where that is another.
    package var asked: String?
    /// What the provider sent that cannot be, and what is taken in its place; `nil` if there was nothing.
    package var remark: String?

    package init(
        message: ChatMessage, usage: TokenUsage, costUSD: Double? = nil, finishReason: String? = nil, model: String,
        asked: String? = nil, remark: String? = nil
    ) {
        self.message = message
        self.usage = usage
        self.costUSD = costUSD
        self.finishReason = finishReason
        self.model = model
        self.asked = asked
        self.remark = remark
    }
}
