/// What the models of a workflow used.
package struct Usage: Sendable, Hashable {
    package var llmCalls: Int
    package var promptTokens: Int
    package var completionTokens: Int
    package var costUSD: Double

    package init(llmCalls: Int = 0, promptTokens: Int = 0, completionTokens: Int = 0, costUSD: Double = 0) {
        self.llmCalls = llmCalls
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.costUSD = costUSD
    }

    package static let zero = Usage()

    /// The sum. What makes no sense counts as nothing, so that it spoils nothing else.
    package static func + (left: Self, right: Self) -> Self {
        let (left, right) = (left.credible, right.credible)
        return Usage(
            llmCalls: left.llmCalls + right.llmCalls, promptTokens: left.promptTokens + right.promptTokens,
            completionTokens: left.completionTokens + right.completionTokens, costUSD: left.costUSD + right.costUSD)
    }

    /// What a provider reports is not trusted: a negative or infinite value counts as nothing.
    var credible: Usage {
        Usage(
            llmCalls: max(0, llmCalls), promptTokens: max(0, promptTokens), completionTokens: max(0, completionTokens),
            costUSD: costUSD.isFinite ? max(0, costUSD) : 0)
    }
}
