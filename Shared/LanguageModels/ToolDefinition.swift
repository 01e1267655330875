import Foundations

/// A tool as it is offered to a model.
package struct ToolDefinition: Codable, Sendable, Hashable {
    /// What the model calls it by: `[A-Za-z0-9_-]{1,64}`.
    package var name: String
    /// What it does and when to use it, written for the model.
    package var description: String
    /// The JSON Schema of its arguments, an object.
    package var parameters: JSONValue

    package init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
