import Foundations

/// The body of `POST /chat/completions`.
struct CompletionRequest {
    let request: ChatRequest
    var profile = ProviderProfile()
    /// Where it goes, see ``ReplyOrigin``.
    var origin = ""
    /// Further fields, as the operator set them; they go before our own.
    var extra: [String: JSONValue] = [:]

    /// What a request cannot do without, so that no refusal leaves it out.
    private static let kept: Set<String> = ["model", "messages", "tools"]

    var body: JSONValue {
        let names = Set(request.tools.map(\.name))
        let messages =
            profile.writesCalls ? WrittenTools(tools: request.tools).messages(request.messages) : request.messages
        let history = WireHistory(profile: profile, origin: origin, tools: names).messages(messages)
        var fields: [String: JSONValue] = [
            "model": .string(request.model), "messages": .array(history.map(message)),
        ]
        if !request.tools.isEmpty, !profile.writesCalls { fields["tools"] = .array(request.tools.map(tool)) }
        if let temperature = request.temperature { fields["temperature"] = .double(temperature) }
        if let tokens = replyTokens { fields[profile.limitField] = .int(tokens) }
        if profile.asksForCost { fields["usage"] = ["include": true] }
        if profile.streams {
            fields["stream"] = true
            fields["stream_options"] = ["include_usage": true]
        }
        fields.merge(extra.filter { !Self.kept.contains($0.key) }) { $1 }
        for name in profile.omittedFields.subtracting(Self.kept) { fields[name] = nil }
        return .object(fields)
    }

    /// The most tokens that the reply may have.
    var replyTokens: Int? {
        guard let tokens = request.maxTokens ?? profile.replyRoom else { return nil }
        return min(tokens, profile.largestReply ?? tokens)
    }

    private func message(_ message: ChatMessage) -> JSONValue {
        var members = message.extras
        let isSystem = message.role == .system
        members["role"] = .string(isSystem ? profile.systemRole.rawValue : message.role.rawValue)
        // Content in parts came with thinking among them, and goes back so.
        members["content"] = members["content"] ?? message.content.map { .string($0) } ?? emptyText
        if !message.toolCalls.isEmpty { members["tool_calls"] = .array(message.toolCalls.map(call)) }
        if let id = message.toolCallID { members["tool_call_id"] = .string(id) }
        return .object(members)
    }

    private var emptyText: JSONValue? {
        switch profile.emptyText {
        case .null: .null
        case .empty: ""
        case .absent: nil
        case .dot: .string(WireHistory.blank)
        }
    }

    private func call(_ call: ToolCall) -> JSONValue {
        var members = call.extras
        var function = members["function"]?.objectValue ?? [:]
        function["name"] = .string(call.name)
        function["arguments"] = .string(call.arguments)
        members["id"] = .string(call.id)
        members["type"] = "function"
        members["function"] = .object(function)
        return .object(members)
    }

    private func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description),
                "parameters": schema(tool.parameters),
            ],
        ]
    }

    /// A JSON Schema without the words that the server refuses; what stands under `properties` are names, not words.
    private func schema(_ value: JSONValue) -> JSONValue {
        guard !profile.omittedKeywords.isEmpty else { return value }
        switch value {
        case .array(let values): return .array(values.map(schema))
        case .object(let members):
            var kept = members.filter { !profile.omittedKeywords.contains($0.key) }
            for (key, value) in kept {
                let names = key == "properties" ? value.objectValue : nil
                kept[key] = names.map { .object($0.mapValues(schema)) } ?? schema(value)
            }
            return .object(kept)
        default: return value
        }
    }
}

extension CompletionRequest: Encodable {
    func encode(to encoder: any Encoder) throws { try body.encode(to: encoder) }
}

extension ToolCall {
    /// The arguments as history may hold them: providers refuse anything but a JSON object, so whatever else the model
    /// wrote is replayed as `{}`; the call's result explains the error.
    var replayableArguments: String {
        let value = try? JSONValue(parsing: arguments)
        return value?.objectValue == nil ? "{}" : arguments
    }
}
