import Foundations

/// One message of a conversation with a model, in the terms of OpenAI's chat completions.
package struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    package enum Role: String, Codable, Sendable {
        case system, user, assistant
        /// The result of one tool call; it follows the assistant's message directly.
        case tool
    }

    package var role: Role
    /// The text; `nil` when an assistant's message only calls tools.
    package var content: String?
    /// The tools that an assistant's message calls, in order; empty for every other role.
    package var toolCalls: [ToolCall]
    /// The call that a `tool` message answers.
    package var toolCallID: String?
    /// What the provider sent beside these members (reasoning of any name and shape, signatures): goes back as it came,
    /// to ``origin`` alone.
    package var extras: [String: JSONValue]
    /// The endpoint and model that an assistant's message is from, see ``ModelEndpoint``; `nil` if nobody needs to know.
    package var origin: String?

    package init(
        role: Role, content: String?, toolCalls: [ToolCall] = [], toolCallID: String? = nil,
        extras: [String: JSONValue] = [:], origin: String? = nil
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.extras = extras
        self.origin = origin
    }
}

extension ChatMessage {
    /// Whether the provider sent anything beside what is read, with the message or one of its calls.
    var hasExtras: Bool { !extras.isEmpty || toolCalls.contains { !$0.extras.isEmpty } }

    /// Instructions that hold for the whole conversation.
    package static func system(_ content: String) -> Self { .init(role: .system, content: content) }
    /// What a person (or the program in a person's place) says.
    package static func user(_ content: String) -> Self { .init(role: .user, content: content) }
    /// What the model says and which tools it calls.
    package static func assistant(_ content: String?, toolCalls: [ToolCall] = []) -> Self {
        .init(role: .assistant, content: content, toolCalls: toolCalls)
    }
    /// The result of the call `id`.
    package static func tool(_ content: String, answering id: String) -> Self {
        .init(role: .tool, content: content, toolCallID: id)
    }
}

/// The stored form: members that are absent or empty are left out.
extension ChatMessage: Codable {
    private enum CodingKeys: String, CodingKey {
        case role, content, extras, origin
        case toolCalls = "tool_calls"
        case toolCallID = "tool_call_id"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        role = try container.decode(Role.self, forKey: .role)
        content = try container.decodeIfPresent(String.self, forKey: .content)
        toolCalls = try container.decodeIfPresent([ToolCall].self, forKey: .toolCalls) ?? []
        toolCallID = try container.decodeIfPresent(String.self, forKey: .toolCallID)
        extras = try container.decodeIfPresent([String: JSONValue].self, forKey: .extras) ?? [:]
        origin = try container.decodeIfPresent(String.self, forKey: .origin)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(role, forKey: .role)
        try container.encodeIfPresent(content, forKey: .content)
        if !toolCalls.isEmpty { try container.encode(toolCalls, forKey: .toolCalls) }
        try container.encodeIfPresent(toolCallID, forKey: .toolCallID)
        if !extras.isEmpty { try container.encode(extras, forKey: .extras) }
        try container.encodeIfPresent(origin, forKey: .origin)
    }
}
