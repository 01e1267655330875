/// What a statement returned. It is valid only inside the closure that was lent the connection.
package struct Rows: Sequence {
    private let result: QueryResult

    init(_ result: QueryResult) { self.result = result }

    /// The number of rows that were returned.
    package var count: Int { result.count }
    package var isEmpty: Bool { result.count == 0 }
    /// The number of rows that the statement inserted, updated, deleted or returned.
    package var affected: Int { result.affected }
    package var first: Row? { isEmpty ? nil : Row(result: result, index: 0) }
    package var underestimatedCount: Int { count }

    package func makeIterator() -> AnyIterator<Row> {
        var index = 0
        return AnyIterator {
            guard index < result.count else { return nil }
            defer { index += 1 }
            return Row(result: result, index: index)
        }
    }
}
