import Foundations

extension ModelError {
    /// Reasons to stop that are failures, as providers name them.
    private static let failedFinishes: [String: Code] = [
        "error": .badReply, "malformed_function_call": .badReply, "malformed_tool_call": .badReply,
        "network_error": .incompleteReply, "insufficient_system_resource": .incompleteReply,
        "abort": .incompleteReply, "aborted": .incompleteReply,
        "model_context_window_exceeded": .contextTooLong,
    ]

    /// The failure that a reply ended with; `nil` if `reason` is none.
    init?(finishReason reason: String?) {
        // Some put their own word behind that of another API: `function_call_filter: MALFORMED_FUNCTION_CALL`.
        let words = (reason ?? "").lowercased().split { $0 == ":" || $0 == " " }
        guard let code = words.lazy.compactMap({ Self.failedFinishes[String($0)] }).first else { return nil }
        self.init(code, "the provider broke off: \((reason ?? "").prefix(bytes: 100))")
    }
}
