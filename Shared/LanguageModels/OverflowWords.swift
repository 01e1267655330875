import Foundations

/// Whether a provider says that the conversation is too long, and how long it may be. Each has words of its own;
/// `Tests/LanguageModels/OverflowWordsTests.swift` lists those that are known.
enum OverflowWords {
    /// Phrases that say it alone.
    private static let phrases = [
        "context length", "context_length", "context window", "context_window", "context size", "context limit",
        "exceed_context", "max_model_len", "maximum model length", "max_seq_len", "sequence length",
        "model token limit", "cannot truncate prompt", "contextwindowexceeded", "exceed max message tokens",
        "max input characters", "reduce the input token", "token limit exceeded", "prompt too long",
        "prompt is too long", "input is too long", "input too long",
        "maximum prompt length", "range of input length", "reduce the length of the", "reduce your prompt",
        "reduce the prompt", "shorten your", "request too large", "request_too_large", "request entity too large",
        "payload too large", "max tokens allowed", "maximum number of tokens", "too many tokens",
        "too many input tokens",
        "prompt_too_long", "max_new_tokens must be", "max_new_tokens` must be", "model_max_prompt_tokens", "上下文长度",
        "上下文窗口", "token数量超", "输入长度", "输入过长", "超长",
    ]
    /// What is too much …
    private static let subjects = [
        "prompt", "input", "context", "conversation", "messages", "request", "tokens", "token count", "content",
    ]
    /// … measured in …
    private static let units = ["token", "length", "too long", "window", "n_ctx", "num_ctx"]
    /// … and how.
    private static let excesses = [
        "exceed", "too long", "too large", "longer than", "larger than", "more than", "greater than", "over the limit",
        "over the maximum", "does not fit", "doesn't fit", "out of range", "must have less than", "supports up to",
    ]
    /// Limits of rates and of replies, whatever else is said.
    private static let others = [
        "per min", "per day", "per hour", "please wait", "maximum tokens you requested", "rate limit", "rate_limit",
        "too many requests", "quota", "throttl",
        "number of output tokens", "range of max_tokens", "max_tokens is too large",
        "max_completion_tokens is too large",
        "max_completion_tokens' is too large", "completion tokens, whereas", "max_tokens must be",
        "max_tokens` must be",
        "max_tokens' must be", "max_tokens=", "max_tokens value", "maximum output tokens", "maximum number of output",
    ]
    /// Parts of a request that have a limit of their own.
    private static let parts = [
        "function.name", "function.description", ".id'", "tool call id", "image", "tool argument", "timeout",
        "timed out",
    ]

    static func areMeant(by text: String) -> Bool {
        let words = RefusalWords(text)
        // What is left of the window for a reply.
        if words.has("max_tokens", "at least 1, got -") || words.has("too large", "context length", "input tokens") {
            return true
        }
        guard !words.hasAny(others) else { return false }
        if words.hasAny(phrases) { return true }
        return words.hasAny(subjects) && words.hasAny(units) && words.hasAny(excesses) && !words.hasAny(parts)
    }

    private static let windows = 1024...20_000_000

    /// What the model takes at once in tokens, where the words tell: what is named so or behind a `>`, else the
    /// smallest number that can be a window, of those that come before what was asked for.
    static func window(in text: String) -> Int? {
        let words = RefusalWords(text).text
        // These numbers are of bytes, of members, and of what is left.
        guard !["string too long", "array too long", "got -"].contains(where: { words.contains($0) }) else {
            return nil
        }
        for mark in ["context length is ", "context length of ", "> "] {
            guard let range = words.firstRange(of: mark) else { continue }
            let limit = RefusalWords.numbers(in: words[range.upperBound...]).first
            if let limit, windows.contains(limit) { return limit }
        }
        let ends = [
            "exceeded by", "exceeds by", "however", "you requested", "your messages", "resulted in", "(requested",
        ]
        let start = words.firstIndex(where: \.isNumber) ?? words.startIndex
        let end = ends.compactMap { words[start...].firstRange(of: $0)?.lowerBound }.min() ?? words.endIndex
        let found = RefusalWords.numbers(in: words[..<end]).filter { windows.contains($0) }
        return found.min()
    }
}
