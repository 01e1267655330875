import Foundation
import Foundations

/// A request for a chat completion, as far as the server looks at it.
struct CompletionRequest: Decodable, Sendable {
    struct Message: Decodable, Sendable {
        let role: String
        /// The text; the text parts joined if the content is a list of parts.
        let text: String
        let toolCalls: [ToolCall]
        let toolCallID: String?

        enum CodingKeys: String, CodingKey {
            case role, content
            case toolCalls = "tool_calls"
            case toolCallID = "tool_call_id"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            role = try values.decode(String.self, forKey: .role)
            toolCalls = try values.decodeIfPresent([ToolCall].self, forKey: .toolCalls) ?? []
            toolCallID = try values.decodeIfPresent(String.self, forKey: .toolCallID)
            if let parts = try? values.decode([Part].self, forKey: .content) {
                text = parts.compactMap(\.text).joined()
            } else {
                text = try values.decodeIfPresent(String.self, forKey: .content) ?? ""
            }
        }
    }

    struct Part: Decodable, Sendable {
        let text: String?
    }

    struct ToolCall: Decodable, Sendable {
        let id: String
    }

    struct Tool: Decodable, Sendable {
        struct Function: Decodable, Sendable {
            let name: String
        }
        let function: Function
    }

    struct StreamOptions: Decodable, Sendable {
        let includeUsage: Bool?

        enum CodingKeys: String, CodingKey {
            case includeUsage = "include_usage"
        }
    }

    let model: String
    let messages: [Message]
    let tools: [Tool]?
    let stream: Bool?
    let streamOptions: StreamOptions?

    enum CodingKeys: String, CodingKey {
        case model, messages, tools, stream
        case streamOptions = "stream_options"
    }

    var toolNames: Set<String> { Set((tools ?? []).map(\.function.name)) }
    var isStreamed: Bool { stream ?? false }
    var wantsUsage: Bool { !isStreamed || streamOptions?.includeUsage ?? false }

    /// The number of assistant messages, that is of turns already played.
    func turnsPlayed(from start: Role.Start) -> Int {
        let counted: ArraySlice<Message> =
            switch start {
            case .conversation: messages[...]
            case .lastUserMessage: messages[(messages.lastIndex { $0.role == "user" } ?? 0)...]
            }
        return counted.count { $0.role == "assistant" }
    }
}
