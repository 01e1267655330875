import FoundationEssentials

/// Any JSON value (RFC 8259). Whole numbers that fit 64 bits stay integers.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue {
    /// The value that `bytes` hold, see ``JSONParser``.
    package init(parsing bytes: some DataProtocol) throws(JSONSyntaxError) { self = try JSONParser.parse(Array(bytes)) }

    /// The value that `text` holds.
    package init(parsing text: String) throws(JSONSyntaxError) { self = try JSONParser.parse(Array(text.utf8)) }

    /// The JSON form of any encodable value.
    package init(encoding value: some Encodable) throws {
        if let value = value as? JSONValue {
            self = value
        } else {
            try self.init(parsing: JSON.encode(value))
        }
    }

    /// This value as `type`.
    package func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        try JSON.decode(type, from: data())
    }

    /// The canonical bytes: keys sorted, no white space, slashes not escaped. Equal values give equal bytes.
    package func data() throws -> Data { try JSON.encode(self) }

    /// The canonical text, see ``data()``.
    package func text() throws -> String { String(decoding: try data(), as: UTF8.self) }

    /// The member `key` of an object, else `nil`.
    package subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var objectValue: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }

    package var intValue: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    package var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

/// The one way this system writes and reads JSON.
package enum JSON {
    /// Canonical bytes: keys sorted, slashes not escaped, dates as ISO 8601 with milliseconds in UTC.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(date))
        }
        return try encoder.encode(value)
    }

    /// Reads what ``encode(_:)`` writes.
    package static func decode<T: Decodable>(_ type: T.Type = T.self, from data: some DataProtocol) throws -> T {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Timestamp.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected an ISO 8601 time")
            }
            return date
        }
        return try decoder.decode(type, from: Data(data))
    }
}

/// Times as the contract writes them: ISO 8601, milliseconds, `Z`.
package enum Timestamp {
    private static let precise = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let whole = Date.ISO8601FormatStyle()

    /// For example `2026-11-21T09:30:00.125Z`.
    package static func text(_ date: Date) -> String {
        // The style cuts what is below a millisecond, and most milliseconds are a little less in binary.
        let milliseconds = (date.timeIntervalSinceReferenceDate * 1000).rounded()
        return precise.format(Date(timeIntervalSinceReferenceDate: (milliseconds + 0.1) / 1000))
    }

    /// The time now in whole milliseconds: what is written of it reads back as the same time.
    package static func now() -> Date {
        Date(timeIntervalSinceReferenceDate: (Date().timeIntervalSinceReferenceDate * 1000).rounded() / 1000)
    }

    /// The date that `text` names, with or without a fraction of a second.
    package static func date(_ text: String) -> Date? {
        (try? precise.parse(text)) ?? (try? whole.parse(text))
    }
}
