import Foundations

/// A tag of one of the formats in which models write calls: `<tool_call>`, `<function=read_file>`, `<|python_tag|>`,
/// `<｜tool▁calls▁begin｜>`, `[TOOL_CALLS]` and the like.
///
/// A server's tool parser takes them out of the reply. Where they arrive, it is off or made for another model.
struct CallTag {
    /// What a tag is for.
    enum Role {
        /// Begins a call, or several.
        case opening
        /// Ends what an opening tag began.
        case closing
        /// Ends the reply.
        case end
        /// Begins a call of the tool that it names.
        case call
        case callEnd
        /// Begins the argument that it names.
        case parameter
        case parameterEnd
        /// Stands between the parts of a call.
        case separator
        /// Begins the name or the value of an argument (GLM).
        case key, keyEnd, value, valueEnd
        /// Holds what a tool answered, which a model can only have made up.
        case answer
    }

    let role: Role
    /// The tool or the argument that the tag names.
    let name: String
    /// Behind its last byte.
    let end: Int

    /// The longest tag, in bytes.
    private static let limit = 200

    private static let begins: [String: Role] = [
        "tool_call": .opening, "tool_calls": .opening, "toolcall": .opening, "function_call": .opening,
        "function_calls": .opening, "python_tag": .opening, "tool_call_start": .opening, "tool_call_begin": .opening,
        "tool_calls_begin": .opening, "tool_calls_section_begin": .opening, "tool_call_end": .closing,
        "tool_calls_end": .closing, "tool_calls_section_end": .closing, "functioncall": .opening, "tools": .opening,
        "tool_use": .opening, "eom_id": .end, "eot_id": .end, "im_end": .end, "end_of_text": .end, "endoftext": .end,
        "end_of_sentence": .end, "tool_sep": .separator, "tool_call_argument_begin": .separator, "arg_key": .key,
        "arg_value": .value, "tool_response": .answer,
        "tool_result": .answer, "function_results": .answer, "tool_outputs_begin": .answer,
    ]
    /// Those that count between bars alone, as `<|channel|>`: else they are words of other languages.
    private static let barred: [String: Role] = [
        "start_action": .opening, "end_action": .closing, "action_start": .opening, "action_end": .closing,
        "python_start": .opening, "python_end": .closing, "plugin": .opening, "channel": .opening,
        "constrain": .separator, "message": .separator, "call": .end,
    ]
    private static let ends: [String: Role] = [
        "tool_call": .closing, "tool_calls": .closing, "toolcall": .closing, "function_call": .closing,
        "function_calls": .closing, "functioncall": .closing, "tools": .closing, "tool_use": .closing, "s": .end,
        "function": .callEnd, "invoke": .callEnd,
        "parameter": .parameterEnd, "arg_key": .keyEnd, "arg_value": .valueEnd, "tool_response": .answer,
        "tool_result": .answer, "function_results": .answer,
    ]
    private static let named: [String: Role] = ["function": .call, "invoke": .call, "parameter": .parameter]
    /// Mistral's, which look like no others.
    private static let bracketed: [(String, Role)] = [
        ("[TOOL_CALLS]", .opening), ("[/TOOL_CALLS]", .closing), ("[ARGS]", .separator), ("[CALL_ID]", .separator),
    ]

    /// The tag that begins at `start`.
    init?(_ bytes: [UInt8], at start: Int) {
        guard start < bytes.count else { return nil }
        if bytes[start] == UInt8(ascii: "[") {
            guard let tag = Self.bracketed.first(where: { bytes[start...].starts(with: $0.0.utf8) }) else { return nil }
            self.init(role: tag.1, name: "", end: start + tag.0.utf8.count)
            return
        }
        guard bytes[start] == UInt8(ascii: "<") else { return nil }
        let rest = bytes[start...].prefix(Self.limit)
        guard let close = rest.dropFirst().firstIndex(where: { "<>\n".utf8.contains($0) }),
            bytes[close] == UInt8(ascii: ">")
        else { return nil }
        self.init(inner: String(decoding: bytes[start + 1..<close], as: UTF8.self), end: close + 1)
    }

    private init(role: Role, name: String, end: Int) {
        self.role = role
        self.name = name
        self.end = end
    }

    /// `inner` is what stands between `<` and `>`.
    private init?(inner: String, end: Int) {
        let isEnd = inner.hasPrefix("/") || inner.hasPrefix("|/")
        let plain = inner.replacing("｜", with: "|").replacing("▁", with: "_").trimming {
            "|/".unicodeScalars.contains($0)
        }
        let words = plain.split(separator: "|").last.map(String.init) ?? plain
        let local = Self.local(words)
        let word = local.prefix { $0.isLetter || $0 == "_" }.lowercased()
        let rest = local.dropFirst(word.count)
        if isEnd, rest.isEmpty, let role = Self.ends[word] {
            self.init(role: role, name: "", end: end)
        } else if !isEnd, let role = Self.named[word], let name = Self.name(in: rest) {
            self.init(role: role, name: name, end: end)
        } else if !isEnd, let role = Self.role(local, isBarred: inner.contains { "|｜".contains($0) }) {
            self.init(role: role, name: "", end: end)
        } else {
            return nil
        }
    }

    private static func role(_ name: String, isBarred: Bool) -> Role? {
        let plain = name.lowercased().replacing(" ", with: "_")
        return begins[plain] ?? (isBarred ? barred[plain] : nil)
    }

    /// A name without the space before it: `antml:invoke` is `invoke`.
    private static func local(_ name: String) -> String {
        let rest = name.drop { $0.isLetter }
        return rest.first == ":" ? String(rest.dropFirst()) : name
    }

    /// The name in `=read_file` or in ` name="read_file" string="true"`.
    private static func name(in text: Substring) -> String? {
        let value: Substring
        if text.first == "=" {
            value = text.dropFirst()
        } else {
            let parts = text.split(separator: "name=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].allSatisfy(\.isWhitespace), let quote = parts[1].first,
                quote == "\"" || quote == "'"
            else { return nil }
            value = parts[1].dropFirst().prefix { $0 != quote }
        }
        let name = String(value).trimming { " \"'".unicodeScalars.contains($0) }
        return name.isEmpty ? nil : name
    }
}
