import FoundationEssentials
import Foundations

/// A value that can be bound to a statement.
///
/// String-backed enums and ids need no more than the conformance: `extension Status: SQLEncodable, SQLDecodable {}`.
package protocol SQLEncodable: Sendable {
    /// The type it is sent as. It does not depend on the value, so one statement text is prepared once.
    static var sqlType: SQLType { get }
    /// The value as it is sent.
    var sqlPayload: SQLParameter.Payload { get }
}

/// A value that can be bound, in an array, as one parameter (`= any(\(ids))`, `unnest(\(names))`).
package protocol SQLArrayElement: SQLEncodable {
    static var sqlArrayType: SQLType { get }
}

extension SQLEncodable where Self: RawRepresentable, RawValue == String {
    package static var sqlType: SQLType { .inferred }
    package var sqlPayload: SQLParameter.Payload { .text(rawValue) }
}

extension SQLEncodable where Self: SafeIdentifier {
    package static var sqlType: SQLType { .inferred }
    package var sqlPayload: SQLParameter.Payload { .text(text) }
}

extension SQLArrayElement where Self: RawRepresentable, RawValue == String {
    package static var sqlArrayType: SQLType { .textArray }
}

extension SQLArrayElement where Self: SafeIdentifier {
    package static var sqlArrayType: SQLType { .textArray }
}

extension CompanyID: SQLArrayElement {}
extension ProjectID: SQLArrayElement {}
extension TaskID: SQLArrayElement {}

extension String: SQLArrayElement {
    package static var sqlType: SQLType { .inferred }
    package static var sqlArrayType: SQLType { .textArray }
    package var sqlPayload: SQLParameter.Payload { .text(self) }
}

extension Int: SQLArrayElement {
    package static var sqlType: SQLType { .int8 }
    package static var sqlArrayType: SQLType { .int8Array }
    package var sqlPayload: SQLParameter.Payload { .text(String(self)) }
}

extension Int64: SQLArrayElement {
    package static var sqlType: SQLType { .int8 }
    package static var sqlArrayType: SQLType { .int8Array }
    package var sqlPayload: SQLParameter.Payload { .text(String(self)) }
}

extension Double: SQLArrayElement {
    package static var sqlType: SQLType { .float8 }
    package static var sqlArrayType: SQLType { .float8Array }
    package var sqlPayload: SQLParameter.Payload { .text(String(self)) }
}

extension Bool: SQLArrayElement {
    package static var sqlType: SQLType { .bool }
    package static var sqlArrayType: SQLType { .boolArray }
    package var sqlPayload: SQLParameter.Payload { .text(self ? "t" : "f") }
}

extension UUID: SQLArrayElement {
    package static var sqlType: SQLType { .uuid }
    package static var sqlArrayType: SQLType { .uuidArray }
    package var sqlPayload: SQLParameter.Payload { .text(text) }
}

extension Data: SQLEncodable {
    package static var sqlType: SQLType { .bytea }
    package var sqlPayload: SQLParameter.Payload { .binary(self) }
}

/// As `timestamptz`, rounded to its resolution of one microsecond.
extension Date: SQLEncodable {
    package static var sqlType: SQLType { .timestamptz }

    package var sqlPayload: SQLParameter.Payload {
        guard let microseconds = PostgresTime.microseconds(self) else { return .invalid("a date out of range") }
        return .binary(withUnsafeBytes(of: microseconds.bigEndian) { Data($0) })
    }
}

/// As `interval`, in microseconds; it can be bound but not read back.
extension Duration: SQLEncodable {
    package static var sqlType: SQLType { .interval }
    package var sqlPayload: SQLParameter.Payload {
        let (seconds, attoseconds) = components
        return .text("\(seconds) seconds \(attoseconds / 1_000_000_000_000) microseconds")
    }
}

extension JSONValue: SQLEncodable {
    package static var sqlType: SQLType { .jsonb }
    package var sqlPayload: SQLParameter.Payload {
        guard let text = try? text() else { return .invalid("a number that JSON cannot hold") }
        return .text(text)
    }
}

extension Optional: SQLEncodable where Wrapped: SQLEncodable {
    package static var sqlType: SQLType { Wrapped.sqlType }
    package var sqlPayload: SQLParameter.Payload { self?.sqlPayload ?? .null }
}

extension Array: SQLEncodable where Element: SQLArrayElement {
    package static var sqlType: SQLType { Element.sqlArrayType }
    package var sqlPayload: SQLParameter.Payload { .text(SQLArrayText.encode(map(\.sqlPayload))) }
}
