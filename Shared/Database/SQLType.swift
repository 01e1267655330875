/// The type a parameter is sent as, by its object id in `pg_type`.
package struct SQLType: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Postgres infers the type from the context, so that a text also fits an enum, `json` or a domain.
    package static let inferred = SQLType(rawValue: 0)
    package static let bool = SQLType(rawValue: 16)
    package static let bytea = SQLType(rawValue: 17)
    package static let int8 = SQLType(rawValue: 20)
    package static let float8 = SQLType(rawValue: 701)
    package static let boolArray = SQLType(rawValue: 1000)
    package static let textArray = SQLType(rawValue: 1009)
    package static let int8Array = SQLType(rawValue: 1016)
    package static let float8Array = SQLType(rawValue: 1022)
    package static let timestamptz = SQLType(rawValue: 1184)
    package static let interval = SQLType(rawValue: 1186)
    package static let uuid = SQLType(rawValue: 2950)
    package static let uuidArray = SQLType(rawValue: 2951)
    package static let jsonb = SQLType(rawValue: 3802)
}
