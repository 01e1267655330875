import Foundations
import LanguageModels

/// Something that a model may do.
package protocol Tool: Sendable {
    /// What the model calls it by.
    var name: String { get }
    /// What it does, with its limits and defaults, written for the model.
    var description: String { get }
    var parameters: [ToolParameter] { get }
    /// Whether a call may change files of the work tree.
    var changesFiles: Bool { get }
    /// Does it. The arguments fit ``parameters``. Throws ``ToolError`` for what the model can mend; any other error
    /// ends the conversation.
    func run(_ arguments: ToolArguments, in context: ToolContext) async throws -> ToolResult
}

extension Tool {
    package var changesFiles: Bool { false }

    /// The tool as models are told of it.
    package var definition: ToolDefinition {
        ToolDefinition(name: name, description: description, parameters: ToolParameter.schema(parameters))
    }
}

/// A call failed in a way that the model can mend: the message says what to do next.
package struct ToolError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String
    package init(_ message: String) { self.message = message }
    package var description: String { message }
}
