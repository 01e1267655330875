import Foundations
import LanguageModels

/// Estimates tokens from characters, corrected by what providers report.
struct TokenEstimate: Sendable {
    private static let charactersPerToken = 4.0
    private let toolCharacters: Int
    private var correction = 1.0

    init(tools: [ToolDefinition]) {
        toolCharacters = tools.reduce(0) { sum, tool in
            sum + tool.name.count + tool.description.count + ((try? tool.parameters.text().count) ?? 0)
        }
    }

    /// About how many tokens a request with these messages has.
    func tokens(of messages: [ChatMessage]) -> Int {
        Int(plain(messages) * correction)
    }

    /// Learns from a reply to a request with these messages.
    mutating func learn(promptTokens: Int, for messages: [ChatMessage]) {
        guard promptTokens > 0 else { return }
        correction = min(max(Double(promptTokens) / max(plain(messages), 1), 0.25), 4)
    }

    private func plain(_ messages: [ChatMessage]) -> Double {
        let characters = messages.reduce(toolCharacters) { sum, message in
            sum + 16 + (message.content?.utf8.count ?? 0) + Self.size(.object(message.extras))
                + message.toolCalls.reduce(0) {
                    $0 + 32 + $1.name.utf8.count + $1.arguments.utf8.count + Self.size(.object($1.extras))
                }
        }
        return Double(characters) / Self.charactersPerToken
    }

    /// About how long a value is as text.
    private static func size(_ value: JSONValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count + 2
        case .array(let values): values.reduce(2) { $0 + size($1) }
        case .object(let members): members.reduce(0) { $0 + $1.key.utf8.count + 4 + size($1.value) }
        default: 4
        }
    }
}
