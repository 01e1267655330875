/// Where a conversation stops.
package struct ConversationLimits: Sendable, Hashable {
    /// Model turns, at least 1.
    package var maxIterations: Int
    /// US dollars; `nil` is no limit. Calls of unknown cost count as free, unless ``refusesUnpriced``.
    package var maxCostUSD: Double?
    /// Whether the conversation ends at a call of unknown cost, where ``maxCostUSD`` is set.
    package var refusesUnpriced: Bool
    /// What the model takes at once, in tokens.
    package var contextTokens: Int
    /// The share of ``contextTokens`` above which older parts are shortened.
    package var contextShare: Double
    /// The newest tool results that stay whole when older ones are shortened.
    package var keptToolResults: Int
    /// Summaries that may be made of older parts.
    package var maxSummaries: Int
    /// Replies without a tool call in a row that are answered with a reminder.
    package var maxReminders: Int
    /// Calls of one reply that are made; the others are answered with an error.
    package var maxCallsPerReply: Int
    /// What one reply may have, in tokens; `nil` leaves it to the provider.
    package var maxReplyTokens: Int?

    package init(
        maxIterations: Int = 50, maxCostUSD: Double? = nil, contextTokens: Int = 128_000, contextShare: Double = 0.7,
        keptToolResults: Int = 8, maxSummaries: Int = 4, maxReminders: Int = 3, maxCallsPerReply: Int = 64,
        maxReplyTokens: Int? = nil, refusesUnpriced: Bool = false
    ) {
        self.maxIterations = maxIterations
        self.maxCostUSD = maxCostUSD
        self.contextTokens = contextTokens
        self.contextShare = contextShare
        self.keptToolResults = keptToolResults
        self.maxSummaries = maxSummaries
        self.maxReminders = maxReminders
        self.maxCallsPerReply = maxCallsPerReply
        self.maxReplyTokens = maxReplyTokens
        self.refusesUnpriced = refusesUnpriced
    }
}
