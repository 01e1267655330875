import Foundations

/// The `error` member that a provider sends, in whatever shape.
struct ProviderFailure: Decodable {
    /// For people; may be empty.
    let message: String
    /// Words that tell the kind of the failure: code and type.
    let kinds: [String]
    /// A status of HTTP, where the code is one.
    let status: Int?

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer().decode(JSONValue.self)
        message = value["message"]?.stringValue ?? value.stringValue ?? ""
        kinds = [value["code"]?.stringValue, value["type"]?.stringValue].compactMap { $0?.lowercased() }
        status = value["code"]?.intValue ?? value["status"]?.intValue ?? value["code"]?.stringValue.flatMap { Int($0) }
    }

    /// The kind of error that the words stand for, if they are known.
    var code: ModelError.Code? {
        for kind in kinds {
            switch kind {
            case "context_length_exceeded": return .contextTooLong
            case "insufficient_quota", "billing_error": return .quotaExhausted
            case "invalid_api_key", "authentication_error", "permission_error": return .unauthorized
            case "model_not_found", "not_found_error": return .notFound
            case "rate_limit_exceeded", "rate_limit_error": return .rateLimited
            case "server_error", "overloaded_error", "api_error": return .unavailable
            default: continue
            }
        }
        return Self.meansContextTooLong(message) ? .contextTooLong : nil
    }

    /// Whether `text` says that the conversation is too long; each provider has its own words.
    static func meansContextTooLong(_ text: String) -> Bool {
        let text = text.lowercased()
        return ["context length", "context_length", "context window", "prompt is too long", "context size"]
            .contains { text.contains($0) }
    }
}
