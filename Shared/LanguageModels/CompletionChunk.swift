import Foundations

/// What this module reads of a chat completion, whole or one chunk of its stream. Reasoning is not read.
struct CompletionChunk: Decodable {
    var model: String?
    var choices: [Choice]?
    var usage: Usage?
    var error: ProviderFailure?

    struct Choice: Decodable {
        /// In a chunk.
        var delta: Message?
        /// In a whole reply.
        var message: Message?
        var finishReason: String?
        var error: ProviderFailure?

        enum CodingKeys: String, CodingKey {
            case delta, message, error
            case finishReason = "finish_reason"
        }
    }

    struct Message: Decodable {
        var content: String?
        var toolCalls: [ToolCallPiece]

        enum CodingKeys: String, CodingKey {
            case content
            case toolCalls = "tool_calls"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            toolCalls = try container.decodeIfPresent([ToolCallPiece].self, forKey: .toolCalls) ?? []
            // Some providers send a list of parts.
            if let parts = try? container.decode([JSONValue].self, forKey: .content) {
                content = parts.compactMap { $0["text"]?.stringValue }.joined()
            } else {
                content = try container.decodeIfPresent(String.self, forKey: .content)
            }
        }
    }

    struct ToolCallPiece: Decodable {
        var index: Int?
        var id: String?
        var function: Function?

        struct Function: Decodable {
            var name: String?
            /// Text; some providers send the object itself.
            var arguments: JSONValue?
        }
    }

    struct Usage: Decodable {
        var promptTokens: Int?
        var completionTokens: Int?
        /// OpenRouter: in US dollars.
        var cost: Double?

        enum CodingKeys: String, CodingKey {
            case cost
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
        }
    }
}
