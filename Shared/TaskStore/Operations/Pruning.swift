import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// Removes published messages of a time before `time`. Returns how many. Call it until it returns less than `limit`.
    package func pruneOutbox(before time: Date, limit: Int = 5000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from outbox o using (
                    select id from outbox where published_at < \(time) order by id limit \(limit)
                    for update skip locked
                ) old where o.id = old.id
                """
            ).affected
        }
    }

    /// Removes the work and the history of workflows that ended before `time`: journal, checkpoints, activities and
    /// webhook messages. The workflows themselves stay, with their results. Returns how many. Call it until it returns
    /// less than `limit`.
    package func pruneHistory(before time: Date, limit: Int = 100) async throws -> Int {
        try await pool.transaction { connection in
            let ids: [UUID] = try connection.execute(
                """
                update tasks t set work_removed_at = now()
                from (
                    select workflow_id from tasks where finished_at < \(time) and work_removed_at is null
                    order by finished_at limit \(limit) for no key update skip locked
                ) old where t.workflow_id = old.workflow_id returning t.workflow_id
                """
            ).map { try $0.get("workflow_id") }
            guard !ids.isEmpty else { return 0 }
            for table in ["journal", "checkpoints", "steering", "webhook_messages"] {
                try connection.execute("delete from \(identifier: table) where workflow_id = any (\(ids))")
            }
            // By task, which is what its index knows.
            try connection.execute(
                """
                delete from task_activities a using tasks t
                where t.workflow_id = any (\(ids)) and a.task_id = t.task_id and a.workflow_id = t.workflow_id
                """)
            return ids.count
        }
    }

    /// Removes submissions that were refused before `time`. Returns how many.
    package func pruneRejections(before time: Date) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute("delete from rejected_submissions where created_at < \(time)").affected
        }
    }
}
