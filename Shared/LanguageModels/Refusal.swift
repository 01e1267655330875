import Foundations

/// A request that a server refused, and what it said: what there is to learn from.
package struct Refusal: Sendable {
    let words: RefusalWords
    /// The fields of the body that was sent.
    let fields: Set<String>
    /// Members of its messages and calls that came from a provider.
    let members: Set<String>
    /// What the reply was allowed to have, in tokens.
    let replyTokens: Int?

    private static let ours: Set<String> = [
        "role", "content", "tool_calls", "tool_call_id", "id", "type", "function", "name", "arguments",
    ]

    /// What comes before the names that a server knows or proposes: they are not what it refuses.
    private static let offers = ["expected one of `", "did you mean", " Supported param", " supported param"]

    package init(_ words: String, of body: JSONValue) {
        self.words = RefusalWords(Self.withoutOffers(words))
        fields = Set((body.objectValue ?? [:]).keys)
        let messages = body["messages"]?.arrayValue ?? []
        let calls = messages.flatMap { $0["tool_calls"]?.arrayValue ?? [] }
        let objects = (messages + calls + calls.compactMap { $0["function"] }).compactMap(\.objectValue)
        members = Set(objects.flatMap(\.keys)).subtracting(Self.ours)
        replyTokens = (body["max_tokens"] ?? body["max_completion_tokens"])?.intValue
    }

    private static func withoutOffers(_ words: String) -> String {
        let start = offers.compactMap { words.firstRange(of: $0)?.lowerBound }.min()
        return String(words[..<(start ?? words.endIndex)])
    }
}
