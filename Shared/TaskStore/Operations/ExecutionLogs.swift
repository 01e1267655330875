import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Records lines of a replica's log, in their order.
    ///
    /// Batches of all replicas come one after the other: ids are given after the lock is held, and it is held until they
    /// can be seen. So who has seen an id has seen all lower ones, and a reader that goes on behind it misses none.
    package func record(_ lines: [LogLine], of service: String, replica: String) async throws {
        guard !lines.isEmpty else { return }
        let list = JSONValue.array(lines.map(\.json)).storable
        try await pool.transaction { connection in
            try connection.lock(Self.logLock)
            try connection.execute(
                """
                insert into execution_logs (timestamp, level, service, replica, message, facts, workflow_id, company_id,
                    project_id, task_id)
                select l.time, l.level, \(service), \(replica), l.message, l.facts, l.workflow_id, t.company_id,
                    t.project_id, t.task_id
                from rows from (jsonb_to_recordset(\(list)) as
                        (time timestamptz, level text, message text, facts jsonb, workflow_id uuid))
                    with ordinality as l (time, level, message, facts, workflow_id, place)
                left join tasks t on t.workflow_id = l.workflow_id
                order by l.place
                """)
        }
    }

    /// "logs"
    private static let logLock = AdvisoryLock(key: 0x6c6f_6773)

    /// Removes lines that were recorded before `time`. Returns how many. Call it until it returns less than `limit`.
    package func pruneLogs(before time: Date, limit: Int = 5000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from execution_logs where id = any (array(
                    select id from execution_logs where recorded_at < \(time) order by recorded_at, id limit \(limit)))
                """
            ).affected
        }
    }

    /// Removes what is known of failures before `time`. Returns how many. Call it until it returns less than `limit`.
    package func pruneFailures(before time: Date, limit: Int = 5000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from run_failures where id = any (array(
                    select id from run_failures where at < \(time) order by at limit \(limit)))
                """
            ).affected
        }
    }
}
