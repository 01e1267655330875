import FoundationEssentials
import Foundations

extension Row {
    /// The columns as the members of a JSON object: numbers, booleans, times, JSON and lists of texts as what they are,
    /// everything else as text.
    ///
    /// - Parameter others: Columns that are left out.
    package func members(except others: Set<String> = []) throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for (name, position) in result.columns where !others.contains(name) {
            guard let text = result.text(row: index, column: position) else {
                members[name] = .null
                continue
            }
            guard let value = result.type(column: position).json(text) else {
                throw DatabaseError(.decoding, "column \(name) does not hold what its type says")
            }
            members[name] = value
        }
        return members
    }
}

extension SQLType {
    private static let int2 = SQLType(rawValue: 21)
    private static let int4 = SQLType(rawValue: 23)
    private static let json = SQLType(rawValue: 114)
    private static let numeric = SQLType(rawValue: 1700)

    /// A value of this type, from its text.
    fileprivate func json(_ text: String) -> JSONValue? {
        switch self {
        case .bool: Bool(sqlText: text).map(JSONValue.bool)
        case .int8, .int4, .int2: Int(text).map(JSONValue.int)
        case .float8, .numeric: Double(text).map(JSONValue.double)
        case .jsonb, .json: JSONValue(sqlText: text)
        case .timestamptz: Date(sqlText: text).map { .string(Timestamp.text($0)) }
        case .textArray: [String](sqlText: text).map { .array($0.map(JSONValue.string)) }
        default: .string(text)
        }
    }
}
