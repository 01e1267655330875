import CPostgres

/// Owns one `PGresult`.
final class QueryResult {
    private let raw: OpaquePointer
    /// The position of each column; of columns with the same name, the first.
    private(set) lazy var columns: [String: Int32] = {
        let names = (0..<PQnfields(raw)).map { ($0, PQfname(raw, $0).map { String(cString: $0) } ?? "") }
        return Dictionary(names.map { ($1, $0) }) { first, _ in first }
    }()

    init(_ raw: OpaquePointer) { self.raw = raw }

    /// The type of a column; of a domain, the type that it is over.
    func type(column: Int32) -> SQLType { SQLType(rawValue: PQftype(raw, column)) }

    deinit { PQclear(raw) }

    /// Takes over a result of libpq, which gives none where it has no memory or no connection.
    static func owning(_ raw: OpaquePointer?) -> QueryResult? { raw.map { QueryResult($0) } }

    var status: ExecStatusType { PQresultStatus(raw) }
    /// Whether it begins a copy, which nobody here ends.
    var isCopy: Bool { [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) }
    var count: Int { Int(PQntuples(raw)) }
    /// The command tag's first word, for example `ROLLBACK`.
    var command: String { String(cString: PQcmdStatus(raw)) }
    /// The rows that a statement inserted, updated, deleted or selected.
    var affected: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    /// The text of a cell, or `nil` for NULL.
    func text(row: Int, column: Int32) -> String? {
        guard PQgetisnull(raw, Int32(row), column) == 0, let bytes = PQgetvalue(raw, Int32(row), column) else {
            return nil
        }
        return String(cString: bytes)
    }

    /// The failure this result reports, or `nil` if the statement succeeded.
    func error(phase: DatabaseError.Phase) -> DatabaseError? {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: nil
        case _ where isCopy: DatabaseError(.other, "copy is not supported")
        default: DatabaseError(report: raw, phase: phase)
        }
    }
}
