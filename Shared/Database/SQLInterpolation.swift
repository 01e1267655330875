extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral value: StaticString) {
        self.init()
        append(text: value.description)
    }

    package init(stringInterpolation: Interpolation) { self = stringInterpolation.sql }

    /// Collects the parts of an interpolated statement.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) { sql.append(text: literal.description) }

        /// Binds a value.
        package mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value) {
            sql.append(SQLParameter(type: Value.sqlType, payload: value.sqlPayload))
        }

        /// Splices a statement and renumbers its parameters.
        package mutating func appendInterpolation(_ other: SQL) { sql.append(other) }

        /// Splices a literal of the source code as it is.
        package mutating func appendInterpolation(raw literal: StaticString) { sql.append(text: literal.description) }

        /// Splices a name, quoted, so that any text is one identifier.
        package mutating func appendInterpolation(identifier name: String) {
            let parts = name.split(separator: "\"", omittingEmptySubsequences: false)
            sql.append(text: "\"" + parts.joined(separator: "\"\"") + "\"")
        }
    }
}
