import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// Removes published messages of a time before `time`. Returns how many. Call it until it returns less than `limit`.
    package func pruneOutbox(before time: Date, limit: Int = 5000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from outbox where id = any (array(
                    select id from outbox where published_at < \(time) order by published_at limit \(limit)
                    for update skip locked))
                """
            ).affected
        }
    }

    /// Removes the work and the history of workflows that ended before `time`: journal, checkpoints, activities and
    /// webhook messages; those of children not before their parent's end. The workflows themselves stay, with their
    /// results. Returns how many. Call it until it returns less than `limit`.
    package func pruneHistory(before time: Date, limit: Int = 20) async throws -> Int {
        let ids: [UUID] = try await pool.withConnection { connection in
            try connection.execute(
                """
                select workflow_id from tasks t where finished_at < \(time) and work_removed_at is null
                    and not exists (select from tasks p where p.workflow_id = t.parent and p.finished_at is null)
                order by finished_at limit \(limit)
                """
            ).map { try $0.get("workflow_id") }
        }
        for id in ids { try await pool.transaction { try removeHistory(of: id, before: time, on: $0) } }
        return ids.count
    }

    /// Unless it was retried meanwhile.
    private func removeHistory(of id: UUID, before time: Date, on connection: Connection) throws {
        let removed = try connection.execute(
            """
            update tasks set work_removed_at = now()
            where workflow_id = \(id) and finished_at < \(time) and work_removed_at is null
            """)
        guard removed.affected == 1 else { return }
        try connection.execute(
            "delete from journal j using stage_runs r where r.workflow_id = \(id) and j.run_id = r.id")
        // Deliveries, which their messages take along, are locked first, as whoever records an attempt does.
        try connection.execute(
            "select from stage_runs r where r.workflow_id = \(id) and \(RunSlot.isDelivery()) for update")
        for table in ["checkpoints", "steering", "webhook_messages"] {
            try connection.execute("delete from \(identifier: table) where workflow_id = \(id)")
        }
        // By task, which is what its index knows.
        try connection.execute(
            """
            delete from task_activities a using tasks t
            where t.workflow_id = \(id) and a.workflow_id = t.workflow_id
                and (a.task_id, a.company_id, a.project_id) = (t.task_id, t.company_id, t.project_id)
            """)
    }

    /// Removes submissions that were refused before `time`, and what people were told of them. Returns how many. Call it
    /// until it returns less than `limit`.
    package func pruneRejections(before time: Date, limit: Int = 1000) async throws -> Int {
        try await pool.transaction { connection in
            let removed = try connection.execute(
                """
                with gone as (
                    delete from rejected_submissions where id = any (array(
                        select id from rejected_submissions where created_at < \(time)
                        order by created_at limit \(limit)))
                    returning id, company_id, project_id, task_id
                ), told as (
                    delete from task_activities a using gone
                    where a.workflow_id = gone.id
                        and (a.task_id, a.company_id, a.project_id) = (gone.task_id, gone.company_id, gone.project_id)
                )
                select count(*) as rows from gone
                """)
            return try removed.first?.get("rows") ?? 0
        }
    }
}
