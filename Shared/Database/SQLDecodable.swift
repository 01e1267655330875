import FoundationEssentials
import Foundations

/// A value that can be read from a column.
package protocol SQLDecodable {
    /// The value that Postgres prints as `sqlText`, or `nil` if it is not one of this type.
    init?(sqlText: String)
    /// What NULL is read as, or `nil` if this type has no such value.
    static var sqlNull: Self? { get }
}

extension SQLDecodable {
    package static var sqlNull: Self? { nil }
}

extension SQLDecodable where Self: RawRepresentable, RawValue == String {
    package init?(sqlText: String) { self.init(rawValue: sqlText) }
}

extension SQLDecodable where Self: SafeIdentifier {
    package init?(sqlText: String) { self.init(sqlText) }
}

extension CompanyID: SQLDecodable {}
extension ProjectID: SQLDecodable {}
extension TaskID: SQLDecodable {}

extension String: SQLDecodable {
    package init?(sqlText: String) { self = sqlText }
}

extension Int: SQLDecodable {
    package init?(sqlText: String) { self.init(sqlText) }
}

extension Int64: SQLDecodable {
    package init?(sqlText: String) { self.init(sqlText) }
}

/// Reads `float8`, and `numeric` with the precision of a double.
extension Double: SQLDecodable {
    package init?(sqlText: String) { self.init(sqlText) }
}

extension Bool: SQLDecodable {
    package init?(sqlText: String) {
        switch sqlText {
        case "t": self = true
        case "f": self = false
        default: return nil
        }
    }
}

extension UUID: SQLDecodable {
    package init?(sqlText: String) { self.init(uuidString: sqlText) }
}

extension Data: SQLDecodable {
    /// Reads the hexadecimal form of `bytea`, `\x00ff`.
    package init?(sqlText: String) {
        var text = sqlText
        let bytes = text.withUTF8 { text -> [UInt8]? in
            guard text.starts(with: #"\x"#.utf8), text.count.isMultiple(of: 2) else { return nil }
            var isValid = true
            let size = text.count / 2 - 1
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
                count = size
                for index in 0..<size {
                    let (high, low) = (Self.digit(text[2 * index + 2]), Self.digit(text[2 * index + 3]))
                    isValid = isValid && high < 16 && low < 16
                    bytes[index] = high << 4 | low & 15
                }
            }
            return isValid ? bytes : nil
        }
        guard let bytes else { return nil }
        self.init(bytes)
    }

    /// The value of a hexadecimal digit; 16 if it is none.
    private static func digit(_ character: UInt8) -> UInt8 {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: 16
        }
    }
}

extension Date: SQLDecodable {
    /// Reads `timestamptz` in ISO style and UTC, as every connection is set to print it.
    package init?(sqlText: String) {
        guard let date = PostgresTime.date(sqlText) else { return nil }
        self = date
    }
}

extension JSONValue: SQLDecodable {
    package init?(sqlText: String) { try? self.init(parsing: sqlText) }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    package init?(sqlText: String) {
        guard let value = Wrapped(sqlText: sqlText) else { return nil }
        self = .some(value)
    }

    package static var sqlNull: Wrapped?? { .some(nil) }
}

extension Array: SQLDecodable where Element: SQLDecodable {
    /// Reads an array of one dimension.
    package init?(sqlText: String) {
        guard let texts = SQLArrayText.decode(sqlText) else { return nil }
        self = []
        for text in texts {
            guard let element = text.map({ Element(sqlText: $0) }) ?? Element.sqlNull else { return nil }
            append(element)
        }
    }
}
