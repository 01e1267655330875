import Foundations

/// Fills `{{…}}` in scripted text with values from the conversation; any other `{{…}}` stays as it is.
///
/// - `{{model}}`: the model that the request names
/// - `{{last_tool_result}}`: the last tool result
/// - `{{match:REGEX}}`: the first match in the user messages: its first capture, else all of it
/// - `{{result:REGEX}}`: the same in the tool results, the newest first
struct Placeholders {
    let request: CompletionRequest

    private enum Placeholder {
        case model, lastToolResult
        case match(Regex<AnyRegexOutput>)
        case result(Regex<AnyRegexOutput>)
    }

    /// Checks every placeholder of a turn.
    static func check(_ turn: Turn) throws(ScriptError) {
        try check(.string(turn.content ?? ""))
        for call in turn.toolCalls { try check(call.arguments) }
        guard case .raw(let answer)? = turn.fault else { return }
        for part in answer.body {
            switch part {
            case .text(let text): try check(.string(text))
            case .event(let value): try check(value)
            default: continue
            }
        }
    }

    /// `text` with every placeholder filled.
    func fill(_ text: String) throws(ScriptError) -> String {
        guard text.contains("{{") else { return text }
        var filled = ""
        var rest = text[...]
        while let found = Self.next(in: rest) {
            filled += rest[..<found.range.lowerBound]
            if let placeholder = try Self.parse(found.name) {
                filled += try value(of: placeholder, named: found.name)
            } else {
                filled += rest[found.range]
            }
            rest = rest[found.range.upperBound...]
        }
        return filled + rest
    }

    /// `value` with every placeholder in its strings filled.
    func fill(_ value: JSONValue) throws(ScriptError) -> JSONValue {
        switch value {
        case .string(let text): return .string(try fill(text))
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements { filled.append(try fill(element)) }
            return .array(filled)
        case .object(let members):
            var filled: [String: JSONValue] = [:]
            for (key, member) in members { filled[key] = try fill(member) }
            return .object(filled)
        default: return value
        }
    }

    private func value(of placeholder: Placeholder, named name: String) throws(ScriptError) -> String {
        let results = request.messages.filter { $0.role == "tool" }
        let found: String? =
            switch placeholder {
            case .model: request.model
            case .lastToolResult: results.last?.text
            case .match(let regex): Self.first(regex, in: request.messages.filter { $0.role == "user" })
            case .result(let regex): Self.first(regex, in: results.reversed())
            }
        guard let found else { throw ScriptError("{{\(name)}} matches nothing in the conversation") }
        return found
    }

    private static func first(_ regex: Regex<AnyRegexOutput>, in messages: [CompletionRequest.Message]) -> String? {
        for message in messages {
            guard let match = message.text.firstMatch(of: regex) else { continue }
            let capture = match.output.count > 1 ? match.output[1].substring : nil
            return (capture ?? match.output[0].substring).map(String.init)
        }
        return nil
    }

    /// The placeholder that `name` names; `nil` if it is none.
    private static func parse(_ name: String) throws(ScriptError) -> Placeholder? {
        if name == "model" { return .model }
        if name == "last_tool_result" { return .lastToolResult }
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["match", "result"].contains(parts[0]) else { return nil }
        do {
            let regex = try Regex(String(parts[1])).anchorsMatchLineEndings()
            return parts[0] == "match" ? .match(regex) : .result(regex)
        } catch {
            throw ScriptError("{{\(name)}}: \(error)")
        }
    }

    private static func check(_ value: JSONValue) throws(ScriptError) {
        switch value {
        case .string(let text):
            var rest = text[...]
            while let found = next(in: rest) {
                _ = try parse(found.name)
                rest = rest[found.range.upperBound...]
            }
        case .array(let elements): for element in elements { try check(element) }
        case .object(let members): for member in members.values { try check(member) }
        default: break
        }
    }

    /// The first placeholder. It ends at the last brace of a run, because an expression can end with `{2}`.
    private static func next(in text: Substring) -> (range: Range<String.Index>, name: String)? {
        guard let start = text.firstRange(of: "{{"), var end = text[start.upperBound...].firstRange(of: "}}") else {
            return nil
        }
        while end.upperBound < text.endIndex, text[end.upperBound] == "}" {
            end = text.index(after: end.lowerBound)..<text.index(after: end.upperBound)
        }
        return (start.lowerBound..<end.upperBound, String(text[start.upperBound..<end.lowerBound]))
    }
}
