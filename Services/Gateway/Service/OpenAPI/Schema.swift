import Foundations

/// The form of a value, as JSON Schema 2020-12 says it.
struct Schema: Sendable, Hashable {
    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    static let text = Schema(["type": "string"])
    static let flag = Schema(["type": "boolean"])
    static let number = Schema(["type": "number"])
    static let anything = Schema(.object([:]))
    static let uuid = Schema(["type": "string", "format": "uuid"])
    static let time = Schema(["type": "string", "format": "date-time"])
    static let identifier = Schema(["type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$", "not": ["const": "-"]])
    static let object = Schema(["type": "object"])

    static func integer(_ range: ClosedRange<Int>) -> Schema {
        var members: [String: JSONValue] = ["type": "integer", "minimum": .int(range.lowerBound)]
        // The largest number bounds nothing, and many readers of the document cannot hold it.
        if range.upperBound < .max { members["maximum"] = .int(range.upperBound) }
        return Schema(.object(members))
    }

    static func text(_ bytes: ClosedRange<Int>) -> Schema {
        Schema(["type": "string", "minLength": .int(bytes.lowerBound), "maxLength": .int(bytes.upperBound)])
    }

    static func words(_ words: [String]) -> Schema {
        Schema(["type": "string", "enum": .array(words.map(JSONValue.string))])
    }

    static func word(_ word: String) -> Schema { Schema(["const": .string(word)]) }

    static func list(_ item: Schema) -> Schema { Schema(["type": "array", "items": item.json]) }

    static func orNull(_ schema: Schema) -> Schema { Schema(["anyOf": [schema.json, ["type": "null"]]]) }

    /// One of several.
    static func oneOf(_ schemas: [Schema]) -> Schema { Schema(["anyOf": .array(schemas.map(\.json))]) }

    /// An object; what it holds besides is not said.
    static func object(_ properties: [String: Schema], required: [String] = []) -> Schema {
        var members: [String: JSONValue] = ["type": "object", "properties": .object(properties.mapValues(\.json))]
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        return Schema(.object(members))
    }

    static func reference(_ name: String) -> Schema { Schema(["$ref": .string("#/components/schemas/\(name)")]) }
}
