import Foundations

/// One argument of a tool.
package struct ToolParameter: Sendable {
    package indirect enum Kind: Sendable {
        case text
        case integer
        case flag
        case choice([String])
        case list(Kind)
        case object([ToolParameter])
    }

    package let name: String
    package let kind: Kind
    package let description: String
    package let isRequired: Bool

    package init(_ name: String, _ kind: Kind, _ description: String, required: Bool = true) {
        self.name = name
        self.kind = kind
        self.description = description
        isRequired = required
    }

    /// The JSON Schema of an object with these members and no others.
    static func schema(_ parameters: [ToolParameter]) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for parameter in parameters {
            var members = parameter.kind.schema
            members["description"] = .string(parameter.description)
            properties[parameter.name] = .object(members)
        }
        return [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
            "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
        ]
    }
}

extension ToolParameter.Kind {
    fileprivate var schema: [String: JSONValue] {
        switch self {
        case .text: ["type": "string"]
        case .integer: ["type": "integer"]
        case .flag: ["type": "boolean"]
        case .choice(let values): ["type": "string", "enum": .array(values.map { .string($0) })]
        case .list(let element): ["type": "array", "items": .object(element.schema)]
        case .object(let members): ToolParameter.schema(members).objectValue ?? [:]
        }
    }

    /// What the kind is called in an error.
    var noun: String {
        switch self {
        case .text: "a string"
        case .integer: "an integer"
        case .flag: "true or false"
        case .choice(let values): "one of " + values.joined(separator: ", ")
        case .list: "an array"
        case .object: "an object"
        }
    }
}
