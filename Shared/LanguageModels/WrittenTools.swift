import Foundations

/// Tools for a server that knows none: they are described in the instructions, and calls and their results are texts.
/// Whoever reads the replies finds the calls in them, as with any server that does not read calls.
struct WrittenTools {
    let tools: [ToolDefinition]

    /// `messages`, whose calls are paired, without a call or a result that is more than text.
    func messages(_ messages: [ChatMessage]) -> [ChatMessage] {
        var written = messages.map(Self.written)
        guard !tools.isEmpty else { return written }
        if let first = written.first, first.role == .system {
            written[0].content = [first.content, instructions].compactMap(\.self).joined(separator: "\n\n")
        } else {
            written.insert(.system(instructions), at: 0)
        }
        return written
    }

    private static func written(_ message: ChatMessage) -> ChatMessage {
        switch message.role {
        case .tool:
            return .user("<tool_response>\n\(message.content ?? "")\n</tool_response>")
        case .assistant:
            let said = [message.content].compactMap(\.self).filter { !$0.trimmed.isEmpty }
            return .assistant((said + message.toolCalls.map(written)).joined(separator: "\n"))
        case .system, .user:
            return message
        }
    }

    private static func written(_ call: ToolCall) -> String {
        form(name: text(.string(call.name)), arguments: call.replayableArguments)
    }

    private static func form(name: String, arguments: String) -> String {
        "<tool_call>\n{\"name\": \(name), \"arguments\": \(arguments)}\n</tool_call>"
    }

    private var instructions: String {
        let list = tools.map { tool in
            Self.text([
                "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters,
            ])
        }
        return """
            # Tools

            You work by calling tools. A call is written between tags, on lines of its own and outside of code blocks:
            \(Self.form(name: "\"the tool's name\"", arguments: "{\"the parameter's name\": \"its value\"}"))
            Write nothing behind your calls: their results are in the next message, each between <tool_response> and \
            </tool_response>. These are the tools:
            \(list.joined(separator: "\n"))
            """
    }

    /// What a model wrote may be no JSON that can be written again: then it is left out.
    private static func text(_ value: JSONValue) -> String { (try? value.text()) ?? "null" }
}
