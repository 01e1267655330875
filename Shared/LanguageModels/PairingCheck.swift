/// Checks, and mends, how tool calls and their results pair up in a conversation.
///
/// Providers refuse a conversation unless every call is answered exactly once, directly after the message that made
/// it, with ids that are unique in the whole conversation.
package enum PairingCheck {
    /// What breaks the rule, with the id of the call.
    package enum Violation: Sendable, Hashable {
        case unanswered(String)
        case orphan(String)
        case duplicateCall(String)
        case misplacedCalls(String)
    }

    /// What a call is answered with when its result was lost.
    package static let lostResult = "error: the call was interrupted and its outcome is unknown"

    /// All violations in `messages`; empty means that providers will accept the pairing.
    package static func violations(in messages: [ChatMessage]) -> [Violation] {
        var found: [Violation] = []
        var known: Set<String> = []
        var open: [String] = []
        for message in messages {
            if message.role == .tool {
                let id = message.toolCallID ?? ""
                if let index = open.firstIndex(of: id) { open.remove(at: index) } else { found.append(.orphan(id)) }
                continue
            }
            found += open.map { .unanswered($0) }
            open = message.toolCalls.map(\.id)
            if message.role != .assistant {
                found += open.map { .misplacedCalls($0) }
                open = []
            }
            for id in open where id.isEmpty || !known.insert(id).inserted { found.append(.duplicateCall(id)) }
        }
        return found + open.map { .unanswered($0) }
    }

    /// `messages` without violations; a valid list comes back as it is.
    ///
    /// Unanswered calls get an error as their result, orphaned results are dropped, repeated ids are renamed together
    /// with their results, and calls of anyone but the assistant are dropped.
    package static func repaired(_ messages: [ChatMessage]) -> [ChatMessage] {
        guard !violations(in: messages).isEmpty else { return messages }
        var taken = Set(messages.flatMap(\.toolCalls).map(\.id))
        var seen: Set<String> = []
        var result: [ChatMessage] = []
        var rest = messages[...]
        while var message = rest.popFirst() {
            if message.role == .tool { continue }
            if message.role != .assistant { message.toolCalls = [] }
            var answers = Array(rest.prefix { $0.role == .tool })
            rest = rest.dropFirst(answers.count)
            var ordered: [ChatMessage] = []
            for index in message.toolCalls.indices {
                let id = message.toolCalls[index].id
                let unique = !id.isEmpty && seen.insert(id).inserted ? id : fresh(id, &taken)
                let answer = answers.firstIndex { $0.toolCallID == id }.map { answers.remove(at: $0) }
                message.toolCalls[index].id = unique
                ordered.append(.tool(answer?.content ?? lostResult, answering: unique))
            }
            result.append(message)
            result += ordered
        }
        return result
    }

    private static func fresh(_ id: String, _ taken: inout Set<String>) -> String {
        var number = 2
        while !taken.insert("\(id.isEmpty ? "call" : id)-\(number)").inserted { number += 1 }
        return "\(id.isEmpty ? "call" : id)-\(number)"
    }
}
