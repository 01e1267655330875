import Foundations

/// What this module reads of a chat completion, whole or one chunk of its stream. Reasoning is not read.
///
/// A member that a reply can do without counts as absent where it is not as it should be: the reply was paid for.
struct CompletionChunk: Decodable {
    var model: String?
    var choices: [Choice]?
    var usage: Usage?
    var error: ProviderFailure?

    enum CodingKeys: String, CodingKey {
        case model, choices, usage, error
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = container.readable(.model)
        choices = try container.decodeIfPresent([Choice].self, forKey: .choices)
        usage = container.readable(.usage)
        error = try container.decodeIfPresent(ProviderFailure.self, forKey: .error)
    }

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

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            delta = try container.decodeIfPresent(Message.self, forKey: .delta)
            message = try container.decodeIfPresent(Message.self, forKey: .message)
            finishReason = container.readable(.finishReason)
            error = try container.decodeIfPresent(ProviderFailure.self, forKey: .error)
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

        enum CodingKeys: String, CodingKey {
            case index, id, function
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            index = container.readable(.index)
            id = container.readable(.id)
            function = try container.decodeIfPresent(Function.self, forKey: .function)
        }
    }

    struct Usage: Decodable {
        /// As it was sent: it may be negative, a fraction, or more than any model takes.
        var promptTokens: Double?
        var completionTokens: Double?
        /// OpenRouter: in US dollars.
        var cost: Double?

        enum CodingKeys: String, CodingKey {
            case cost
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            promptTokens = container.readable(.promptTokens)
            completionTokens = container.readable(.completionTokens)
            cost = container.readable(.cost)
        }
    }
}

extension KeyedDecodingContainer {
    /// The member, `nil` if it is absent or of another type.
    fileprivate func readable<T: Decodable>(_ key: Key) -> T? {
        (try? decodeIfPresent(T.self, forKey: key)) ?? nil
    }
}
