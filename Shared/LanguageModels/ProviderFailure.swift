import FoundationEssentials
import Foundations

/// What a provider says when it fails, in whatever shape: an `error` member, a whole body, a list, plain text.
struct ProviderFailure: Decodable {
    /// For people, in one line with the cause that stands beneath it; may be empty.
    let message: String
    /// Words that tell the kind of the failure: codes and types, in lower case.
    let kinds: [String]
    /// A status of HTTP, where the code is one.
    let status: Int?
    /// All that was said, for those who learn from it; bounded.
    let words: String
    /// Whether it is a page for people: not the provider's, but one of a proxy or a firewall.
    let isPage: Bool

    /// What rules read: the words for people, else all there are.
    var said: String { message.isEmpty ? words : message }

    fileprivate static let mostWords = 8192

    init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(JSONValue.self))
    }

    /// From an `error` member, or from a body that is JSON.
    init(_ value: JSONValue) {
        var found = FailureTexts()
        found.add(value)
        message = found.line
        kinds = found.kinds
        status = found.status
        words = String(((try? Self.withoutEcho(value).text()) ?? "").prefix(bytes: Self.mostWords))
        isPage = false
    }

    /// From the body of a reply that is none.
    init(body: Data) {
        let value = try? JSONValue(parsing: body)
        self = value.flatMap { $0.objectValue != nil || $0.arrayValue != nil ? Self($0) : nil } ?? Self(text: body)
    }

    private init(text: Data) {
        words = String(decoding: text.prefix(Self.mostWords), as: UTF8.self)
        let start = words.prefix(512).lowercased()
        isPage =
            ["<html", "<!doctype", "<head", "<body", "<title"].contains { start.contains($0) }
            || start.trimmed.hasPrefix("error code: 1")
        (message, kinds, status) = ("", [], nil)
    }

    /// What servers repeat of a request, or of what a model wrote: rules must not take it for their words.
    private static let echoes: Set<String> = ["input", "ctx", "body", "request", "failed_generation"]

    private static func withoutEcho(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let values): .array(values.map(withoutEcho))
        case .object(let members): .object(members.filter { !echoes.contains($0.key) }.mapValues(withoutEcho))
        default: value
        }
    }

    /// The kind of error that the words stand for, if they are known.
    var code: ModelError.Code? {
        for kind in kinds {
            if let code = Self.codes[kind] { return code }
        }
        if RefusalWords(message).hasAny(Self.slips) { return .badReply }
        let said = kinds.map { $0.replacing("_", with: " ") } + [message]
        return said.contains(where: Self.meansContextTooLong) ? .contextTooLong : nil
    }

    private static let codes: [String: ModelError.Code] = [
        "context_length_exceeded": .contextTooLong, "model_context_window_exceeded": .contextTooLong,
        "exceed_context_size_error": .contextTooLong, "request_too_large": .contextTooLong,
        "string_above_max_length": .contextTooLong, "1261": .contextTooLong,
        "insufficient_quota": .quotaExhausted, "billing_error": .quotaExhausted,
        "exceeded_current_quota_error": .quotaExhausted, "1113": .quotaExhausted,
        "budget_exceeded": .quotaExhausted, "insufficient_credits": .quotaExhausted,
        "insufficient_balance": .quotaExhausted,
        "invalid_api_key": .unauthorized, "authentication_error": .unauthorized, "permission_error": .unauthorized,
        "model_not_found": .notFound, "not_found_error": .notFound,
        "rate_limit_exceeded": .rateLimited, "rate_limit_error": .rateLimited, "rate_limit_reached_error": .rateLimited,
        "throttlingexception": .rateLimited, "resource_exhausted": .rateLimited, "1302": .rateLimited,
        "overloaded_error": .rateLimited, "engine_overloaded_error": .rateLimited,
        "server_error": .unavailable, "api_error": .unavailable, "internal_server_error": .unavailable,
        // The model wrote a call that cannot be read: it may do better when it is asked again.
        "tool_use_failed": .badReply, "output_parse_failed": .badReply,
    ]

    /// What servers say of such a call where they have no code for it.
    private static let slips = [
        "error parsing tool call", "failed to parse tool call", "failed to call a function", "expecting start token",
    ]

    /// Whether `text` says that the conversation is too long.
    static func meansContextTooLong(_ text: String) -> Bool { OverflowWords.areMeant(by: text) }
}

/// Collects what an error says at any depth, also in JSON that is written as text within JSON.
private struct FailureTexts {
    private(set) var texts: [String] = []
    private(set) var kinds: [String] = []
    private(set) var status: Int?

    /// The members that hold words for people.
    private static let said = [
        "message", "msg", "error_message", "errormessage", "error_msg", "errmsg", "status_msg", "error_description",
        "detail", "reason", "title",
    ]
    /// Where the rest of it may stand.
    private static let within = [
        "error", "errors", "metadata", "raw", "choices", "details", "base_resp", "fault", "exception",
    ]
    /// The members that tell the kind; a number is no type.
    private static let kindMembers = ["code", "type", "status", "error_code", "errcode", "status_code"]
    private static let deepest = 8
    private static let most = 20

    mutating func add(_ value: JSONValue, depth: Int = 0) {
        guard depth < Self.deepest, texts.count < Self.most else { return }
        switch value {
        case .string(let text): add(text, depth)
        case .array(let values): for value in values { add(value, depth: depth + 1) }
        case .object(let members): add(members, depth)
        default: return
        }
    }

    /// A text for people, or JSON once more.
    private mutating func add(_ text: String, _ depth: Int) {
        let start = text.firstIndex { $0 == "{" || $0 == "[" }
        if let start, let inner = try? JSONValue(parsing: String(text[start...])), Self.holdsMembers(inner) {
            say(String(text[..<start]))
            add(inner, depth: depth + 1)
        } else {
            say(text)
        }
    }

    /// Whether it is an error, or a list of them: `[1, 8192]` at the end of a sentence is part of it.
    private static func holdsMembers(_ value: JSONValue) -> Bool {
        value.objectValue != nil || value.arrayValue?.contains { $0.objectValue != nil } == true
    }

    private mutating func add(_ members: [String: JSONValue], _ depth: Int) {
        for key in Self.kindMembers {
            guard kinds.count < Self.most else { break }
            if let kind = members[key]?.stringValue { kinds.append(kind.prefix(bytes: 200).lowercased()) }
            let number = members[key]?.intValue ?? members[key]?.stringValue.flatMap { Int($0) }
            if let number, key != "type" {
                if status == nil, (100..<600).contains(number) { status = number }
                if members[key]?.stringValue == nil { kinds.append(String(number)) }
            }
        }
        let place = members["loc"]?.arrayValue?.map { $0.stringValue ?? $0.intValue.map(String.init) ?? "" }
        for (key, value) in members.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
            guard Self.rank(key) < Self.said.count + Self.within.count else { continue }
            if let place, let text = value.stringValue {
                say(place.joined(separator: ".") + ": " + text)
            } else {
                add(value, depth: depth + 1)
            }
        }
    }

    /// The order in which members are read; those that say nothing come last.
    private static func rank(_ key: String) -> Int {
        let key = key.lowercased()
        if let index = said.firstIndex(of: key) { return index }
        return within.firstIndex(of: key).map { said.count + $0 } ?? .max
    }

    private mutating func say(_ text: String) {
        let text = String(text.prefix(bytes: ProviderFailure.mostWords))
            .trimming { $0.properties.isWhitespace || $0 == ":" }
        guard !text.isEmpty, !texts.contains(where: { $0.contains(text) }) else { return }
        texts.append(text)
    }

    var line: String { texts.joined(separator: ": ") }
}
