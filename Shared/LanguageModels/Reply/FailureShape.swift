import Foundations

/// How sure it is that a JSON value among, or in place of, the chunks of a reply is an error. What it means is for
/// ``ProviderFailure`` to say.
enum FailureShape {
    case certain
    /// It has words and is no chunk: an error unless the reply becomes whole all the same.
    case possible

    /// `nil` if it is none.
    init?(_ value: ReplyReader.Value) {
        guard !Self.keepAlives.contains(value.event), !Self.keepAlives.contains(value.json["type"]?.stringValue ?? "")
        else { return nil }
        if Self.isError(value.json) {
            self = .certain
        } else if Self.isChunk(value.json) {
            return nil
        } else if value.event == "error" {
            self = .certain
        } else if value.json.objectValue?.contains(where: Self.isWord) == true {
            self = .possible
        } else {
            return nil
        }
    }

    /// Events that only keep the connection open.
    static let keepAlives: Set<String> = ["ping", "pong", "keepalive", "keep-alive", "keep_alive", "heartbeat"]

    /// Members that hold the words of an error where it has no member of its own.
    private static let words: Set<String> = [
        "message", "msg", "detail", "details", "errors", "error_msg", "error_message", "errormessage", "errmsg",
        "error_code", "errcode", "error_description", "status_msg", "fault", "exception", "reason", "title",
    ]

    private static func isWord(_ member: (key: String, value: JSONValue)) -> Bool {
        words.contains(member.key.lowercased()) && says(member.value)
    }

    private static func isError(_ json: JSONValue) -> Bool {
        if says(json["error"]) || json["object"] == "error" || json["type"] == "error" { return true }
        if let status = json["base_resp"]?["status_code"]?.intValue, status != 0 { return true }
        return json["choices"]?.arrayValue?.contains { says($0["error"]) } ?? false
    }

    private static func isChunk(_ json: JSONValue) -> Bool {
        json["choices"]?.arrayValue != nil
            || json["object"]?.stringValue?.hasPrefix("chat.completion") == true
            || json["usage"]?.objectValue != nil
    }

    /// Whether a member says something: `null`, `false`, and what is empty do not, nor does what holds no more than that.
    private static func says(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .bool(false), .string(""), .int(0): false
        case .array(let values)?: values.contains { says($0) }
        case .object(let members)?: members.values.contains { says($0) }
        default: true
        }
    }
}
