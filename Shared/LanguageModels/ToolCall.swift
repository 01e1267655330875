/// A model's wish to call a tool.
package struct ToolCall: Codable, Sendable, Hashable {
    /// Pairs the call with its result; unique within a conversation.
    package var id: String
    /// The name of the tool, as the model wrote it: it may not exist.
    package var name: String
    /// The arguments as the model wrote them: meant to be a JSON object, but not checked.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
