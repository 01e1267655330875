import Database
import FoundationEssentials

extension TaskStore {
    /// The packs that lead from the base commit to the newest checkpoint, to be applied in order; empty if there is
    /// none. A later run may have started again from an earlier commit: what it left behind is not part of the chain.
    package func checkpointChain(of workflow: UUID) async throws -> [StoredCheckpoint] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                with recursive chain as (
                    (select * from checkpoints where workflow_id = \(workflow) order by ordinal desc limit 1)
                    union all
                    select before.* from chain cross join lateral (
                        select c.* from checkpoints c
                        where c.workflow_id = chain.workflow_id and c.commit = chain.base and c.ordinal < chain.ordinal
                        order by c.ordinal desc limit 1
                    ) before
                )
                select ordinal, commit, tree, base, pack, created_at from chain order by ordinal
                """
            ).map(StoredCheckpoint.init)
        }
    }
}

extension StoredCheckpoint {
    fileprivate init(_ row: Row) throws {
        ordinal = try row.get("ordinal")
        checkpoint = Checkpoint(
            commit: try row.get("commit"), tree: try row.get("tree"), base: try row.get("base"),
            pack: try row.get("pack"))
        createdAt = try row.get("created_at")
    }
}
