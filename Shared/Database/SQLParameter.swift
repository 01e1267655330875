import FoundationEssentials

/// A value bound to a statement. It travels beside the text of the statement, never inside it.
package struct SQLParameter: Sendable, Hashable {
    /// The value in one of the two formats of the protocol.
    package enum Payload: Sendable, Hashable {
        case null
        /// As Postgres reads the type from text. Must not hold a NUL character.
        case text(String)
        /// As Postgres reads the type from its binary format.
        case binary(Data)
        /// The value has no form in SQL; executing the statement throws `.invalidParameter` with this reason.
        case invalid(String)
    }

    package let type: SQLType
    package let payload: Payload

    package init(type: SQLType, payload: Payload) {
        self.type = type
        self.payload = payload
    }
}
