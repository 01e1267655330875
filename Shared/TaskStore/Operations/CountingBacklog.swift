import Database

extension TaskStore {
    /// Counts what waits, `limit` of each at most: the indexes that are read hold open work alone.
    package func backlog(limit: Int) async throws -> Backlog {
        try await pool.withConnection { connection in
            let runs = try connection.execute(
                """
                select stage, state, count(*) as count,
                    coalesce(extract(epoch from now() - min(run_at) filter (where state = 'ready' and run_at <= now())), 0)
                        ::float8 as oldest
                from (select kind as stage, state, run_at from stage_runs r where \(OpenRun.isOpen)
                    order by workflow_id limit \(limit)) open
                group by stage, state
                """
            ).map { row in
                Backlog.Runs(
                    stage: try row.get("stage"), state: try row.get("state"), count: try row.get("count"),
                    oldest: try row.get("oldest"))
            }
            let outbox: SQL = """
                select created_at as since from outbox where published_at is null order by id limit \(limit)
                """
            let webhooks: SQL = """
                select case when \(OpenDelivery.isDue) then run_at end as since
                from stage_runs r where \(OpenDelivery.isOpen) order by company_id, endpoint limit \(limit)
                """
            return Backlog(
                runs: runs, outbox: try messages(outbox, on: connection),
                webhooks: try messages(webhooks, on: connection))
        }
    }

    private func messages(_ waiting: SQL, on connection: Connection) throws -> Backlog.Messages {
        let rows = try connection.execute(
            """
            select count(*) as count, coalesce(extract(epoch from now() - min(since)), 0)::float8 as oldest
            from (\(waiting)) waiting
            """)
        return Backlog.Messages(count: try rows.first?.get("count") ?? 0, oldest: try rows.first?.get("oldest") ?? 0)
    }
}
