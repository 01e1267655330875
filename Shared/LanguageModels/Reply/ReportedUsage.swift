import Foundations

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

    /// - Parameter usage: As it was sent: a figure may be a text, negative, a fraction, or more than any model takes.
    init(_ usage: [String: JSONValue]) {
        var remarks: [String] = []
        func bounded(_ value: Double, _ limit: Double, _ name: String) -> Double {
            guard value > limit else { return max(0, value) }
            remarks.append("the provider reports \(value) \(name) for one call; \(Int(limit)) are counted")
            return limit
        }
        func tokens(_ keys: String..., name: String) -> Int {
            let figure = keys.lazy.compactMap { Self.figure(usage[$0]) }.first
            return Int(bounded(figure ?? 0, Self.maximumTokens, name))
        }
        self.tokens = TokenUsage(
            promptTokens: tokens("prompt_tokens", "input_tokens", name: "prompt tokens"),
            completionTokens: tokens("completion_tokens", "output_tokens", name: "completion tokens"))
        cost = Self.cost(usage).flatMap { $0 < 0 ? nil : bounded($0, Self.maximumCost, "US dollars") }
        remark = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }

    private static func figure(_ value: JSONValue?) -> Double? {
        (value?.doubleValue ?? value?.stringValue.flatMap { Double($0) }).flatMap { $0.isFinite ? $0 : nil }
    }

    /// A figure, or an object that holds it; with what another provider takes for a key of the operator's own there.
    private static func cost(_ usage: [String: JSONValue]) -> Double? {
        let value = usage["cost"]
        let cost = figure(value) ?? ["total_cost", "total", "cost"].lazy.compactMap { figure(value?[$0]) }.first
        guard usage["is_byok"] == true, let more = figure(usage["cost_details"]?["upstream_inference_cost"]) else {
            return cost
        }
        return (cost ?? 0) + max(0, more)
    }
}
