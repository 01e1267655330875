import FoundationEssentials
import Foundations

/// The body of `POST /chat/completions`, streamed.
struct CompletionRequest: Encodable {
    let request: ChatRequest
    let dialect: ChatDialect

    private enum Key: String, CodingKey {
        case model, messages, tools, temperature, stream, usage, type, function, role, content, id, name, arguments
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case streamOptions = "stream_options"
        case toolCalls = "tool_calls"
        case toolCallID = "tool_call_id"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(request.model, forKey: .model)
        try container.encode(request.messages.map(Message.init), forKey: .messages)
        if !request.tools.isEmpty { try container.encode(request.tools.map(Tool.init), forKey: .tools) }
        try container.encodeIfPresent(request.temperature, forKey: .temperature)
        try container.encodeIfPresent(
            request.maxTokens, forKey: dialect.usesMaxCompletionTokens ? .maxCompletionTokens : .maxTokens)
        try container.encode(true, forKey: .stream)
        try container.encode(["include_usage": true], forKey: .streamOptions)
        if dialect.asksForCost { try container.encode(["include": true], forKey: .usage) }
    }

    private struct Message: Encodable {
        let message: ChatMessage

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(message.role, forKey: .role)
            if let content = message.content {
                try container.encode(content, forKey: .content)
            } else if message.toolCalls.isEmpty {
                try container.encode("", forKey: .content)
            } else {
                try container.encodeNil(forKey: .content)
            }
            if !message.toolCalls.isEmpty { try container.encode(message.toolCalls.map(Call.init), forKey: .toolCalls) }
            try container.encodeIfPresent(message.toolCallID, forKey: .toolCallID)
        }
    }

    private struct Call: Encodable {
        let call: ToolCall

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(call.id, forKey: .id)
            try container.encode("function", forKey: .type)
            var function = container.nestedContainer(keyedBy: Key.self, forKey: .function)
            try function.encode(call.name, forKey: .name)
            try function.encode(call.replayableArguments, forKey: .arguments)
        }
    }

    private struct Tool: Encodable {
        let type = "function"
        let function: ToolDefinition

        init(_ definition: ToolDefinition) { function = definition }
    }
}

extension ToolCall {
    /// The arguments as history may hold them: providers refuse anything but a JSON object, so whatever else the model
    /// wrote is replayed as `{}`; the call's result explains the error.
    var replayableArguments: String {
        let value = try? JSONValue(parsing: arguments)
        return value?.objectValue == nil ? "{}" : arguments
    }
}
