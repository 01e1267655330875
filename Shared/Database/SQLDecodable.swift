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
        guard sqlText.utf8.starts(with: #"\x"#.utf8), sqlText.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes = Data(capacity: sqlText.utf8.count / 2 - 1)
        var high: UInt8?
        for character in sqlText.utf8.dropFirst(2) {
            guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        self = bytes
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
