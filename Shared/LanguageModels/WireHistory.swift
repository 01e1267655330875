import Foundations

/// A conversation as a provider takes it. The journal keeps the original: nothing of this is ever stored.
struct WireHistory {
    let profile: ProviderProfile
    /// Where the request goes, see ``ReplyOrigin``.
    let origin: String
    /// The names of the tools on offer.
    let tools: Set<String>

    /// What stands for a text that must not be blank.
    static let blank = "."
    /// What the assistant says between a tool's result and a message of the user.
    static let bridge = "Noted."
    /// The signature that Gemini takes for a call that it did not make itself.
    static let anySignature: JSONValue = ["google": ["thought_signature": "skip_thought_signature_validator"]]

    /// `messages`, whose calls are paired, in the form and order that the profile asks for.
    func messages(_ messages: [ChatMessage]) -> [ChatMessage] {
        let ids = WireIDs(messages, form: profile.idForm)
        let parts = profile.callsComeSingly ? Self.split(messages) : messages
        return ordered(parts.map { wire($0, ids) })
    }

    /// Each call in a message of its own, before its result.
    private static func split(_ messages: [ChatMessage]) -> [ChatMessage] {
        var (result, rest) = ([ChatMessage](), messages[...])
        while let message = rest.popFirst() {
            guard message.toolCalls.count > 1 else {
                result.append(message)
                continue
            }
            let answers = rest.prefix { $0.role == .tool }
            rest = rest.dropFirst(answers.count)
            for (number, call) in message.toolCalls.enumerated() {
                var part = message
                part.toolCalls = [call]
                if number > 0 { (part.content, part.extras) = (nil, [:]) }
                result.append(part)
                result += answers.filter { $0.toolCallID == call.id }
            }
        }
        return result
    }

    private func wire(_ message: ChatMessage, _ ids: WireIDs) -> ChatMessage {
        var message = message
        message.extras = extras(message.extras, of: message)
        message.toolCallID = message.toolCallID.map { ids[$0] }
        for index in message.toolCalls.indices {
            let call = message.toolCalls[index]
            message.toolCalls[index] = ToolCall(
                id: ids[call.id], name: WireNames.clean(call.name, tools: tools), arguments: call.replayableArguments,
                extras: extras(call.extras, of: message))
        }
        if !message.toolCalls.isEmpty { complete(&message) }
        if (message.content ?? "").trimmed.isEmpty {
            message.content = message.toolCalls.isEmpty ? Self.blank : nil
        }
        return message
    }

    /// Gives a message with calls what it needs, and takes what it may not have.
    private func complete(_ message: inout ChatMessage) {
        if profile.needsSignatures, message.toolCalls[0].extras["extra_content"] == nil {
            message.toolCalls[0].extras["extra_content"] = Self.anySignature
        }
        for (name, text) in profile.neededMembers where Self.isMissing(message.extras[name]) {
            message.extras[name] = .string(text)
        }
        if profile.callsStandAlone {
            message.content = nil
            message.extras["content"] = nil
        }
    }

    /// What came with a message goes back to where it came from, and to nobody else.
    private func extras(_ extras: [String: JSONValue], of message: ChatMessage) -> [String: JSONValue] {
        guard message.origin == origin else { return [:] }
        var kept = extras.filter { !profile.omittedMembers.contains($0.key) }
        if let function = kept["function"]?.objectValue {
            kept["function"] = .object(function.filter { !profile.omittedMembers.contains($0.key) })
        }
        return kept
    }

    private static func isMissing(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .string(""): true
        default: false
        }
    }

    private func ordered(_ messages: [ChatMessage]) -> [ChatMessage] {
        var result: [ChatMessage] = []
        for var message in messages {
            if message.role == .system, profile.systemRole == .user { message.role = .user }
            if profile.order != .any, message.role == .user, result.last?.role == .tool {
                result.append(.assistant(Self.bridge))
            }
            if let last = result.last, merges(last, message) {
                message.content = [last.content, message.content].compactMap(\.self).joined(separator: "\n\n")
                message.extras["content"] = nil
                result[result.count - 1] = message
            } else {
                result.append(message)
            }
        }
        return result
    }

    /// Whether `next` and the one before it are one message for the server.
    private func merges(_ last: ChatMessage, _ next: ChatMessage) -> Bool {
        guard last.role == next.role else { return false }
        switch next.role {
        case .user: return profile.order == .alternating || profile.systemRole == .user
        case .assistant: return profile.order == .alternating && last.toolCalls.isEmpty
        case .system: return profile.order == .alternating
        case .tool: return false
        }
    }
}
