import Database

extension TaskStore {
    /// Every message that people sent to the workflow's model, oldest first. What waited counts as taken from now on;
    /// the conversation's journal remembers how many it has passed on.
    package func steering(_ claim: Claim) async throws -> [String] {
        try await pool.transaction(synchronousCommit: false) { connection in
            _ = try LockedWorkflow(of: claim, on: connection)
            try connection.execute(
                """
                update steering set taken_at = now()
                where workflow_id = \(claim.key.workflowID) and taken_at is null
                """)
            return try connection.execute(
                "select message from steering where workflow_id = \(claim.key.workflowID) order by id"
            ).map { try $0.get("message") }
        }
    }
}
