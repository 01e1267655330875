/// What models cost where the provider does not say: list prices, without discounts for cached tokens.
///
/// Only names that are listed, alone or followed by a date (`-20…`), have a price: a sibling with another suffix may
/// cost ten times as much, so an unknown name has none.
package enum Pricing {
    private struct Row {
        let model: String
        /// US dollars for a million tokens.
        let prompt, completion: Double
    }

    /// The price pages of OpenAI and Anthropic as of November 2025.
    private static let rows: [Row] = [
        Row(model: "gpt-5.1", prompt: 1.25, completion: 10),
        Row(model: "gpt-5", prompt: 1.25, completion: 10),
        Row(model: "gpt-5-mini", prompt: 0.25, completion: 2),
        Row(model: "gpt-5-nano", prompt: 0.05, completion: 0.40),
        Row(model: "gpt-4.1", prompt: 2, completion: 8),
        Row(model: "gpt-4.1-mini", prompt: 0.40, completion: 1.60),
        Row(model: "gpt-4.1-nano", prompt: 0.10, completion: 0.40),
        Row(model: "gpt-4o", prompt: 2.50, completion: 10),
        Row(model: "gpt-4o-mini", prompt: 0.15, completion: 0.60),
        Row(model: "o3", prompt: 2, completion: 8),
        Row(model: "o4-mini", prompt: 1.10, completion: 4.40),
        Row(model: "claude-opus-4-5", prompt: 5, completion: 25),
        Row(model: "claude-sonnet-4-5", prompt: 3, completion: 15),
        Row(model: "claude-haiku-4-5", prompt: 1, completion: 5),
    ]

    /// The cost of `usage` in US dollars, or `nil` if the price of `model` is not known.
    package static func cost(of usage: TokenUsage, model: String) -> Double? {
        let name = model.lowercased()
        let row = rows.first { row in
            name.hasPrefix(row.model)
                && (name.count == row.model.count || name.dropFirst(row.model.count).hasPrefix("-20"))
        }
        return row.map { row in
            (Double(usage.promptTokens) * row.prompt + Double(usage.completionTokens) * row.completion) / 1e6
        }
    }
}
