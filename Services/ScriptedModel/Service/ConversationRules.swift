/// The rules that providers impose on tool calls in a conversation.
enum ConversationRules {
    /// What breaks the rules: every tool call is answered exactly once, directly after the message that made it, and
    /// every tool result answers such a call.
    static func violations(in messages: [CompletionRequest.Message]) -> [String] {
        var violations: [String] = []
        var open: [String: Int] = [:]

        func close() {
            for (id, count) in open.sorted(by: { $0.key < $1.key }) where count != 1 {
                violations.append("tool call \(id) was answered \(count) times")
            }
            open = [:]
        }

        for message in messages {
            guard message.role == "tool" else {
                close()
                for call in message.toolCalls {
                    if open.updateValue(0, forKey: call.id) != nil {
                        violations.append("tool call id \(call.id) was used twice in one message")
                    }
                }
                continue
            }
            let id = message.toolCallID ?? ""
            if let count = open[id] {
                open[id] = count + 1
            } else {
                violations.append("tool result \(id) answers no tool call of the message before it")
            }
        }
        close()
        return violations
    }
}
