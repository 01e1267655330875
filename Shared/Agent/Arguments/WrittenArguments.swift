import Foundations

/// The object in what a model wrote as the arguments of a call: with a code fence, tags or a sentence around it,
/// encoded twice, or wrapped once more as `{"arguments": {…}}`.
enum WrittenArguments {
    /// How often an object may be packed into another or into a text.
    private static let layers = 4
    private static let wrappers: Set = [
        "arguments", "args", "kwargs", "parameters", "params", "input", "toolinput", "toolarguments",
    ]
    /// What may stand beside the wrapped arguments and says nothing but whose they are.
    private static let labels: Set = ["name", "tool", "toolname", "function", "functionname", "type", "id", "callid"]

    /// The members of the object as they were written. Throws ``ToolError`` that says whether there is no object or
    /// whether it was cut.
    static func members(in text: String, for tool: any Tool) throws -> [WrittenValue.Member] {
        try object(in: text, of: tool, layers: layers)
    }

    private static func object(in text: String, of tool: any Tool, layers: Int) throws -> [WrittenValue.Member] {
        let bytes = Array(text.utf8)
        guard let start = bytes.firstIndex(where: { "{[\"".utf8.contains($0) }) else {
            guard WrittenValue.text(text).isNothing else { throw noObject(tool) }
            return []
        }
        var reader = NearlyJSON(bytes, at: start)
        do {
            var value = try reader.value()
            // Some servers begin a stream of arguments with an object of their own.
            if value == .object([]), bytes[reader.position...].first == UInt8(ascii: "{") { value = try reader.value() }
            let rest = bytes[reader.position...]
            guard isAside(rest) || rest.elementsEqual(bytes[start..<reader.position]) else { throw noObject(tool) }
            return try object(in: value, of: tool, layers: layers)
        } catch NearlyJSON.Failure.cut {
            throw ToolError(
                """
                The arguments of \(tool.name) are not a JSON object: they end in the middle and may have been cut. \
                Nothing was done. Call it again with less at once: write a large file in smaller parts.
                """)
        } catch is NearlyJSON.Failure {
            throw noObject(tool)
        }
    }

    private static func object(
        in value: WrittenValue, of tool: any Tool, layers: Int
    ) throws -> [WrittenValue.Member] {
        guard layers > 0 else { throw noObject(tool) }
        switch value {
        case .object(let members): return try unwrapped(members, of: tool, layers: layers)
        case .text(let text): return try object(in: text, of: tool, layers: layers - 1)
        // Some encoders write an object without members as a list.
        case .list(let items) where items.isEmpty: return []
        case .list(let items) where items.count == 1: return try object(in: items[0], of: tool, layers: layers - 1)
        default: throw noObject(tool)
        }
    }

    private static func noObject(_ tool: any Tool) -> ToolError {
        ToolError(
            """
            The arguments of \(tool.name) are not a JSON object. Call it again with valid JSON: texts in double \
            quotes, and quotes, backslashes and line breaks in them escaped.
            """)
    }

    /// Whether what follows an object does not belong to it: closing brackets too many, tags, a fence, prose. A quote
    /// shows that the object had not ended: a text in it holds quotes that were not escaped.
    private static func isAside(_ bytes: ArraySlice<UInt8>) -> Bool {
        let rest = bytes.drop { "}] \n\r\t".utf8.contains($0) }
        return !rest.contains { "\"'{}[]".utf8.contains($0) }
    }

    // MARK: Wrappers

    private static func unwrapped(
        _ members: [WrittenValue.Member], of tool: any Tool, layers: Int
    ) throws -> [WrittenValue.Member] {
        let inner = members.filter { isWrapper($0, of: tool) }
        guard inner.count == 1, members.allSatisfy({ isWrapper($0, of: tool) || isLabel($0, of: tool) }) else {
            return members
        }
        return try object(in: inner[0].value, of: tool, layers: layers - 1)
    }

    private static func isWrapper(_ member: WrittenValue.Member, of tool: any Tool) -> Bool {
        let name = ParameterNames.plain(member.name)
        guard wrappers.contains(name) || name == ParameterNames.plain(tool.name), isUnknown(member.name, to: tool)
        else { return false }
        switch member.value {
        case .object: return true
        case .text(let text): return text.trimmed.hasPrefix("{")
        default: return false
        }
    }

    private static func isLabel(_ member: WrittenValue.Member, of tool: any Tool) -> Bool {
        let name = ParameterNames.plain(member.name)
        guard labels.contains(name), isUnknown(member.name, to: tool), case .text(let text) = member.value else {
            return false
        }
        return ["type", "id", "callid"].contains(name)
            || ParameterNames.plain(text) == ParameterNames.plain(tool.name)
    }

    private static func isUnknown(_ name: String, to tool: any Tool) -> Bool {
        !tool.parameters.contains { $0.name == name }
    }
}

extension WrittenValue {
    /// Whether the value says that there is none: `null`, or a text that is blank or names it.
    var isNothing: Bool {
        switch self {
        case .null: true
        case .text(let text): ["", "null", "none", "nil", "undefined"].contains(text.trimmed.lowercased())
        default: false
        }
    }
}
