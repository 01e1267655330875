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
}
