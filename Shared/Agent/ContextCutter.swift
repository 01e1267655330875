import LanguageModels

/// Shortens a conversation. Calls and their results always stay or go together.
struct ContextCutter {
    /// The system prompt and the task, which always stay.
    private static let kept = 2
    /// Tool results shorter than this are not worth shortening.
    private static let smallResult = 400

    /// `messages` with all but the last `keeping` tool results shortened.
    static func withoutOldResults(_ messages: [ChatMessage], keeping: Int) -> [ChatMessage] {
        let results = messages.indices.filter { messages[$0].role == .tool }
        var shortened = messages
        for index in results.dropLast(keeping) {
            let content = messages[index].content ?? ""
            guard content.utf8.count > smallResult else { continue }
            shortened[index].content = """
                \(OutputLimiter.shorten(content, to: 160))
                [Shortened to save space: \(content.count) characters. Call the tool again if you need them.]
                """
        }
        return shortened
    }

    /// `messages` with every tool result cut to `limit` bytes: the last resort.
    static func withShortResults(_ messages: [ChatMessage], limit: Int) -> [ChatMessage] {
        messages.map { message in
            guard message.role == .tool, let content = message.content else { return message }
            var message = message
            message.content = OutputLimiter.shorten(content, to: limit)
            return message
        }
    }

    /// The messages between the task and the newest turns; `nil` if there are none worth a summary.
    ///
    /// The cut lies before a message of the assistant: there no call waits for its result.
    static func middle(of messages: [ChatMessage], keepingTurns: Int) -> Range<Int>? {
        let turns = messages.indices.filter { $0 >= kept && messages[$0].role == .assistant }
        let first = turns.suffix(keepingTurns).first ?? messages.count
        guard first - kept >= 4 else { return nil }
        return kept..<first
    }

    /// What a model needs to summarise `messages`.
    static func transcript(_ messages: ArraySlice<ChatMessage>, limit: Int) -> String {
        let parts = messages.map { message -> String in
            let calls = message.toolCalls.map { "call \($0.name) \(OutputLimiter.shorten($0.arguments, to: 1500))" }
            let text = OutputLimiter.shorten(message.content ?? "", to: message.role == .tool ? 2000 : 6000)
            return "## \(message.role.rawValue)\n" + ([text] + calls).filter { !$0.isEmpty }.joined(separator: "\n")
        }
        return OutputLimiter.shorten(parts.joined(separator: "\n\n"), to: limit)
    }
}
