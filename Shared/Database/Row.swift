/// One row of a result.
package struct Row {
    let result: QueryResult
    let index: Int

    /// Reads a column by its name.
    ///
    /// Throws ``DatabaseError/Code/decoding``, naming column and type, if there is no such column, if it is NULL and
    /// the type is not optional, or if it does not hold a value of the type.
    package func get<Value: SQLDecodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let position = result.columns[column] else {
            throw DatabaseError(.decoding, "there is no column \(column)")
        }
        guard let text = result.text(row: index, column: position) else {
            guard let null = Value.sqlNull else {
                throw DatabaseError(.decoding, "column \(column) is NULL, wanted \(type)")
            }
            return null
        }
        guard let value = Value(sqlText: text) else {
            throw DatabaseError(.decoding, "column \(column) does not hold \(type)")
        }
        return value
    }
}
