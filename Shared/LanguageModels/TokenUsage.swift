import Foundations

/// How many tokens a call took; zeros when the provider does not say.
package struct TokenUsage: Codable, Sendable, Hashable {
    package var promptTokens: Int
    package var completionTokens: Int

    package init(promptTokens: Int = 0, completionTokens: Int = 0) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    package static func + (left: Self, right: Self) -> Self {
        .init(
            promptTokens: left.promptTokens.addingSaturated(right.promptTokens),
            completionTokens: left.completionTokens.addingSaturated(right.completionTokens))
    }
}
