import Foundations

/// The arguments of a call as they were meant, checked against the tool's parameters.
package struct ToolArguments: Sendable, Hashable {
    /// The most bytes of the arguments: a file of the largest size, each of its characters escaped.
    private static let maximumBytes = 12 << 20

    /// The arguments as an object, without members that were `null`.
    package let value: JSONValue

    /// Reads `json` for `tool`: arguments that fit as they are, others for what they mean, see ``WrittenArguments`` and
    /// ``ArgumentCoercion``. Throws ``ToolError`` that names the argument and what it must be.
    package init(_ json: String, for tool: any Tool) throws {
        guard json.utf8.count <= Self.maximumBytes else {
            throw ToolError("The arguments of \(tool.name) are too long. Send them in smaller parts.")
        }
        if let members = try? JSONValue(parsing: json).objectValue,
            let checked = try? Self.check(members, tool.parameters, path: "")
        {
            value = .object(checked)
        } else {
            let written = try WrittenArguments.members(in: json, for: tool)
            let meant = try ArgumentCoercion.members(written, of: tool.parameters)
            value = .object(try Self.check(meant, tool.parameters, path: ""))
        }
    }

    private static func check(
        _ members: [String: JSONValue], _ parameters: [ToolParameter], path: String
    ) throws -> [String: JSONValue] {
        let given = members.filter { $0.value != .null }
        let known = parameters.map(\.name)
        if let unknown = given.keys.sorted().first(where: { !known.contains($0) }) {
            throw ToolError(
                "`\(path)\(unknown)` is not an argument. The arguments are: \(known.joined(separator: ", ")).")
        }
        for parameter in parameters {
            guard let value = given[parameter.name] else {
                guard !parameter.isRequired else {
                    throw ToolError("`\(path)\(parameter.name)` is missing: give \(parameter.kind.noun).")
                }
                continue
            }
            try check(value, parameter.kind, path: path + parameter.name)
        }
        return given
    }

    private static func check(_ value: JSONValue, _ kind: ToolParameter.Kind, path: String) throws {
        switch (kind, value) {
        case (.text, .string), (.flag, .bool): return
        case (.integer, _) where value.intValue != nil: return
        case (.choice(let values), .string(let text)) where values.contains(text): return
        case (.list(let element), .array(let items)):
            for (index, item) in items.enumerated() { try check(item, element, path: "\(path)[\(index)]") }
        case (.object(let members), .object(let given)):
            _ = try check(given, members, path: path + ".")
        default:
            throw ToolError("`\(path)` must be \(kind.noun).")
        }
    }

    /// The text `name`, empty if it was not given.
    package func text(_ name: String) -> String { value[name]?.stringValue ?? "" }
    /// The text `name` unless it was not given or is empty.
    package func optionalText(_ name: String) -> String? { text(name).isEmpty ? nil : text(name) }
    package func integer(_ name: String) -> Int? { value[name]?.intValue }
    package func flag(_ name: String) -> Bool { value[name]?.boolValue ?? false }
    package func texts(_ name: String) -> [String] { value[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
