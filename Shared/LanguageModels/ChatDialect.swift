/// Where providers differ in the body of a request.
package struct ChatDialect: Sendable, Hashable {
    /// Limits the reply by `max_completion_tokens`; `max_tokens` is what everyone but OpenAI understands.
    package var usesMaxCompletionTokens: Bool
    /// Asks for the cost in `usage`, as OpenRouter reports it.
    package var asksForCost: Bool

    package init(usesMaxCompletionTokens: Bool = false, asksForCost: Bool = false) {
        self.usesMaxCompletionTokens = usesMaxCompletionTokens
        self.asksForCost = asksForCost
    }
}
