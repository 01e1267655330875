import Foundations

/// A place in a request, such as `messages[role=assistant][tool_calls].reasoning_content`: members by name, and of a
/// list all values (`[]`), those with a member that is not empty (`[name]`), or with a member of that text
/// (`[name=text]`).
struct RequestPath: Sendable {
    private enum Step: Sendable {
        case member(String)
        case each
        case having(String)
        case equal(String, String)
    }

    private let steps: [Step]

    /// Throws ``ScriptError`` where `text` is none.
    init(_ text: String) throws(ScriptError) {
        var steps: [Step] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "." {
                rest = rest.dropFirst()
            } else if first == "[" {
                guard let end = rest.firstIndex(of: "]") else { throw ScriptError("\(text): expected ]") }
                let words = rest[..<end].dropFirst().split(separator: "=", maxSplits: 1).map(String.init)
                steps.append(
                    words.isEmpty ? .each : words.count == 1 ? .having(words[0]) : .equal(words[0], words[1]))
                rest = rest[end...].dropFirst()
            } else {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                steps.append(.member(String(name)))
                rest = rest[name.endIndex...]
            }
        }
        self.steps = steps
    }

    /// The values at this place; none where a member is missing or `null`.
    func values(in request: JSONValue) -> [JSONValue] {
        steps.reduce([request]) { values, step in values.flatMap { Self.values(at: step, in: $0) } }
    }

    private static func values(at step: Step, in value: JSONValue) -> [JSONValue] {
        switch step {
        case .member(let name): value[name].flatMap { $0 == .null ? nil : [$0] } ?? []
        case .each: value.arrayValue ?? []
        case .having(let name): elements(value).filter { !isEmpty($0[name]) }
        case .equal(let name, let text): elements(value).filter { $0[name]?.stringValue == text }
        }
    }

    /// The values of a list, or the value itself: filters follow each other.
    private static func elements(_ value: JSONValue) -> [JSONValue] { value.arrayValue ?? [value] }

    private static func isEmpty(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .string(""), .array([]), .object([:]): true
        default: false
        }
    }
}
