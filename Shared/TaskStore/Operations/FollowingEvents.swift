import Contracts
import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// For how long a place is good: messages are kept a little longer.
    private static let oldestCursor: Duration = .seconds(13 * 86_400)

    /// The place behind all events that are committed now.
    package func eventCursor() async throws -> EventCursor {
        try await pool.withConnection { connection in
            let rows = try connection.execute("select \(Self.moment) from (select pg_current_snapshot() as moment) m")
            guard let row = rows.first else { throw NoSnapshot() }
            return EventCursor(time: try row.get("time"), seen: try row.get("moment"))
        }
    }

    /// The events behind a place, of the tasks that `scope` names; `nil` where that place is not known any more. Unless the
    /// batch is whole there are more behind the place of its last message.
    package func events(
        after cursor: EventCursor, in scope: QueryScope = .platform, limit: Int = 500
    ) async throws -> EventBatch? {
        let own = condition(scope)
        return try await pool.withConnection { connection in
            let seen: SQL = "\(cursor.seen)::pg_snapshot"
            let rows = try connection.execute(
                """
                select \(Self.moment), m.age > \(Self.oldestCursor) or m.is_foreign as is_lost, o.id,
                    o.written_by::text as written_by, o.subject, o.seq, o.workflow_id, o.payload
                from (
                    select coalesce(\(nullable: cursor.part?.upTo)::pg_snapshot, pg_current_snapshot()) as moment,
                        now() - to_timestamp(\(Double(cursor.time))) as age,
                        pg_snapshot_xmax(\(seen)) > pg_snapshot_xmax(pg_current_snapshot()) as is_foreign
                ) m left join outbox o on o.seq is not null and o.written_by >= pg_snapshot_xmin(\(seen))
                    and not pg_visible_in_snapshot(o.written_by, \(seen))
                    and pg_visible_in_snapshot(o.written_by, m.moment) and \(own)
                    -- Not to be looked up by: those that were written since are few.
                    and (o.id > \(cursor.part?.message ?? 0)) is true
                order by o.id limit \(limit + 1)
                """)
            return try Self.batch(rows, after: cursor, limit: limit)
        }
    }

    /// The database answered without a row, which it never does.
    private struct NoSnapshot: Error {}

    /// When a snapshot was made: of one that is given, when it was looked at.
    private static let moment: SQL = "m.moment::text as moment, extract(epoch from now())::bigint as time"

    private static func batch(_ rows: Rows, after cursor: EventCursor, limit: Int) throws -> EventBatch? {
        guard let first = rows.first, try !first.get("is_lost", as: Bool.self) else { return nil }
        let messages = try rows.compactMap { row in
            try row.get("id", as: Int64?.self).map { try EventMessage(id: $0, row) }
        }
        return EventBatch(
            messages: Array(messages.prefix(limit)), upTo: try first.get("moment"),
            time: cursor.part == nil ? try first.get("time") : cursor.time, isWhole: messages.count <= limit)
    }

    /// The condition on a message `o`, by its subject.
    private func condition(_ scope: QueryScope) -> SQL {
        let start: String
        switch scope {
        case .platform: return "true"
        case .company(let company): start = "\(subjects.prefix).\(company)."
        case .project(let company, let project): start = "\(subjects.prefix).\(company).\(project)."
        case .task(let address):
            start = "\(subjects.prefix).\(address.company).\(address.project).\(address.task)."
        }
        return "starts_with(o.subject, \(start))"
    }

    /// The events of a task behind one, in their order; `nil` where the task is not recorded.
    package func events(
        of address: TaskAddress, after seq: Int, limit: Int = 200
    ) async throws -> (workflowID: String, events: [(seq: Int, event: JSONValue)])? {
        try await pool.withConnection { connection in
            guard let id = try Self.workflowID(of: address, on: connection) else { return nil }
            let list = QueryList.events
            let rows = try connection.execute(
                """
                select \(list.columns) from \(list.source)
                where a.workflow_id = \(id) and a.seq > \(seq) order by a.seq limit \(limit)
                """)
            return (id.text, try rows.map { (try $0.get("seq"), .object(try $0.members())) })
        }
    }
}

extension EventMessage {
    fileprivate init(id: Int64, _ row: Row) throws {
        self.init(
            id: id, transaction: try row.get("written_by"), subject: try row.get("subject"), seq: try row.get("seq"),
            workflowID: try row.get("workflow_id", as: UUID.self).text, payload: try row.get("payload"))
    }
}

extension EventSnapshot: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .inferred }
    package var sqlPayload: SQLParameter.Payload { .text(text) }
    package init?(sqlText: String) { self.init(sqlText) }
}
