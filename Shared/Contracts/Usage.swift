import Foundations

/// What the models of a workflow used.
package struct Usage: Sendable, Hashable {
    package var llmCalls: Int
    package var promptTokens: Int
    package var completionTokens: Int
    /// US dollars; a call of unknown cost adds nothing.
    package var costUSD: Double

    package init(llmCalls: Int = 0, promptTokens: Int = 0, completionTokens: Int = 0, costUSD: Double = 0) {
        self.llmCalls = llmCalls
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.costUSD = costUSD
    }

    package static let zero = Usage()

    package static func + (left: Self, right: Self) -> Self {
        Usage(
            llmCalls: left.llmCalls.addingSaturated(right.llmCalls),
            promptTokens: left.promptTokens.addingSaturated(right.promptTokens),
            completionTokens: left.completionTokens.addingSaturated(right.completionTokens),
            costUSD: left.costUSD + right.costUSD)
    }
}
