import Database

extension TaskStore {
    /// Extends the lease and reports what the owner has to know.
    package func heartbeat(_ claim: Claim, lease: Duration) async throws -> HeartbeatReply {
        try await pool.transaction(synchronousCommit: false) { connection in
            let rows = try connection.execute(
                """
                update stage_runs r set lease_until = now() + \(lease) from tasks t
                where \(claim.isCurrent) and t.workflow_id = r.workflow_id
                returning t.cancel_requested, t.pause_requested or \(Ancestry.isPaused) as pause_requested, t.max_cost_usd, \(Pause.deadline) < now() as overdue,
                    exists (select from steering s where s.workflow_id = t.workflow_id and s.taken_at is null)
                        as has_steering
                """)
            guard let row = rows.first else { throw StoreError.leaseLost }
            return HeartbeatReply(
                cancelRequested: try row.get("cancel_requested"), pauseRequested: try row.get("pause_requested"),
                hasSteering: try row.get("has_steering"), maxCostUSD: try row.get("max_cost_usd"),
                deadlinePassed: try row.get("overdue"))
        }
    }
}
