import Foundations

/// A model's wish to call a tool.
package struct ToolCall: Sendable, Hashable {
    /// Pairs the call with its result; unique within a conversation.
    package var id: String
    /// The name of the tool, as the model wrote it: it may not exist.
    package var name: String
    /// The arguments as the model wrote them: meant to be a JSON object, but not checked.
    package var arguments: String
    /// What the provider sent with the call beside `id`, `type` and `function`, and under `function` what it sent there
    /// beside `name` and `arguments`; see ``ChatMessage/extras``.
    package var extras: [String: JSONValue]

    package init(id: String, name: String, arguments: String, extras: [String: JSONValue] = [:]) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.extras = extras
    }
}

/// The stored form: without the member for extras where there are none.
extension ToolCall: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, name, arguments, extras
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        arguments = try container.decode(String.self, forKey: .arguments)
        extras = try container.decodeIfPresent([String: JSONValue].self, forKey: .extras) ?? [:]
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(arguments, forKey: .arguments)
        if !extras.isEmpty { try container.encode(extras, forKey: .extras) }
    }
}
