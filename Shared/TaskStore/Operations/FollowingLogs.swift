import Contracts
import Database
import Foundations

extension TaskStore {
    /// The id of the last line of the logs that can be seen; 0 where there is none.
    package func lastLine() async throws -> Int {
        try await pool.withConnection { connection in
            let last: SQL = "select coalesce(max(id), 0) as last from execution_logs"
            return try connection.execute(last).first?.get("last", as: Int.self) ?? 0
        }
    }

    /// Lines behind a place, the oldest first: of so many that are there as one statement looks through.
    ///
    /// No line comes later with an id up to `last`, if that was ever the last one: see ``record(_:of:replica:)``.
    package func lines(
        after id: Int, upTo last: Int, matching filter: LogFilter, limit: Int
    ) async throws -> LogBatch {
        try await pool.withConnection { connection in
            let first: SQL = """
                select coalesce(min(id), 0) as next from execution_logs where id > \(id) and id <= \(last)
                """
            let next = try connection.execute(first).first?.get("next", as: Int.self) ?? 0
            // Ids begin with 1.
            guard next > 0 else { return LogBatch(lines: [], upTo: last) }
            let end = min(last, next + Self.linesAtOnce - 1)
            let list = QueryList.logs
            let columns = list.operatorColumns ?? list.columns
            let rows = try connection.execute(
                """
                select \(columns) from \(list.source)
                where l.id between \(next) and \(end) and \(list.place(QueryPlace(scope: filter.scope)))
                    and \(filter.condition)
                order by l.id limit \(limit)
                """)
            let lines = try rows.map { RecordedLine(try $0.members()) }
            return LogBatch(
                lines: lines.filter(filter.holds), upTo: lines.count < limit ? end : lines.last?.id ?? end)
        }
    }

    /// How many lines one statement looks through.
    private static let linesAtOnce = 5000
}
