/// What a provider says that a call took, within what a call can take.
struct ReportedUsage {
    /// More than the context of any model.
    private static let maximumTokens = 10_000_000.0
    /// US dollars; more than the longest call of the dearest model.
    private static let maximumCost = 1000.0

    let tokens: TokenUsage
    /// US dollars; `nil` if the provider gives no figure that is one.
    let cost: Double?
    /// What was put right, for the operator.
    let remark: String?

    init(_ usage: CompletionChunk.Usage?) {
        var remarks: [String] = []
        func bounded(_ value: Double, _ limit: Double, _ name: String) -> Double {
            guard value > limit else { return max(0, value) }
            remarks.append("the provider reports \(value) \(name) for one call; \(Int(limit)) are counted")
            return limit
        }
        tokens = TokenUsage(
            promptTokens: Int(bounded(usage?.promptTokens ?? 0, Self.maximumTokens, "prompt tokens")),
            completionTokens: Int(bounded(usage?.completionTokens ?? 0, Self.maximumTokens, "completion tokens")))
        cost = usage?.cost.flatMap { $0 < 0 ? nil : bounded($0, Self.maximumCost, "US dollars") }
        remark = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }
}
