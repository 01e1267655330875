import Foundations

/// What this module reads of a chat completion, whole or one chunk of its stream.
///
/// A member that a reply can do without counts as absent where it is not as it should be: the reply was paid for.
struct CompletionChunk {
    /// What a choice holds.
    enum Message {
        /// A piece, `delta`.
        case piece([String: JSONValue])
        /// All of it, `message`.
        case whole([String: JSONValue])
    }

    var model: String?
    var usage: [String: JSONValue]?
    var hasChoice = false
    var message: Message?
    var finishReason: String?

    init(_ json: JSONValue) {
        model = Self.text(json["model"])
        let choice = Self.choice(json["choices"]?.arrayValue ?? [])
        usage = json["usage"]?.objectValue ?? choice?["usage"]?.objectValue ?? json["x_groq"]?["usage"]?.objectValue
        guard let choice, choice.objectValue != nil else { return }
        finishReason =
            Self.text(choice["finish_reason"]) ?? Self.text((choice["delta"] ?? choice["message"])?["finish_reason"])
        message = Self.message(choice)
        hasChoice = message != nil || (choice["delta"] ?? .null) == .null && (choice["message"] ?? .null) == .null
    }

    /// The choices as one: there is one alone, or the words are in the first and the calls in the next.
    private static func choice(_ choices: [JSONValue]) -> JSONValue? {
        guard choices.count > 1, var members = choices[0].objectValue else { return choices.first }
        for (key, value) in choices[1...].compactMap(\.objectValue).joined() {
            let mine = members[key] ?? .null
            if let known = mine.objectValue, let more = value.objectValue {
                members[key] = .object(known.merging(more) { isEmpty($0) ? $1 : $0 })
            } else if isEmpty(mine) || key == "finish_reason" && value == "tool_calls" {
                members[key] = value
            }
        }
        return .object(members)
    }

    /// A choice with both holds its message in the piece, unless that is empty.
    private static func message(_ choice: JSONValue) -> Message? {
        let (piece, whole) = (choice["delta"]?.objectValue, choice["message"]?.objectValue)
        guard let piece else { return whole.map { .whole($0) } }
        guard let whole, piece.allSatisfy({ $0.key == "role" || isEmpty($0.value) }) else { return .piece(piece) }
        return .whole(whole)
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .string(""), .array([]), .object([:]): true
        default: false
        }
    }

    private static func text(_ value: JSONValue?) -> String? {
        value?.stringValue.flatMap { $0.isEmpty || $0 == "null" ? nil : $0 }
    }
}

/// The members of a message, or of a piece of one.
struct MessageMembers {
    var content: String?
    /// The parts of the content, where some are no text: thinking, as Mistral and Anthropic have it.
    var parts: [JSONValue]?
    var calls: [CallPiece]
    /// What this system does not read.
    var extras: [String: JSONValue]

    private static let own: Set<String> = ["role", "content", "tool_calls", "function_call", "index", "finish_reason"]

    init(_ members: [String: JSONValue]) {
        extras = members.filter { !Self.own.contains($0.key) && $0.value != .null }
        content = members["content"].flatMap(Self.text)
        parts = members["content"]?.arrayValue.flatMap { $0.contains { Self.text($0) == nil } ? $0 : nil }
        calls = Self.calls(members)
    }

    /// The text of a content, or of one part of it; `nil` if it is none.
    private static func text(_ content: JSONValue) -> String? {
        switch content {
        case .string(let text): text
        case .array(let parts): parts.compactMap(text).joined()
        case .object(let part): part["text"]?.stringValue
        case .int, .double, .bool: try? content.text()
        case .null: nil
        }
    }

    private static func calls(_ members: [String: JSONValue]) -> [CallPiece] {
        switch members["tool_calls"] {
        case .array(let calls)? where !calls.isEmpty: return calls.compactMap { CallPiece($0) }
        case .object(let call)?: return CallPiece(.object(call)).map { [$0] } ?? []
        default: return members["function_call"].flatMap { CallPiece(["function": $0]) }.map { [$0] } ?? []
        }
    }
}
