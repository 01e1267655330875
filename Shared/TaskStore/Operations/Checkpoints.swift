import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// What is read of a pack at a time: neither the database nor this process holds a whole one as text.
    private static let partBytes = 4 << 20

    /// The checkpoints that lead from the base commit to the newest, to be applied in order; empty if there is none.
    /// A later run may have started again from an earlier commit: what it left behind is not part of the chain.
    package func checkpointChain(of workflow: UUID) async throws -> [StoredCheckpoint] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                with recursive chain as (
                    (
                        select workflow_id, ordinal, commit, tree, base, octet_length(pack) as bytes, created_at
                        from checkpoints where workflow_id = \(workflow) order by ordinal desc limit 1
                    )
                    union all
                    select before.* from chain cross join lateral (
                        select workflow_id, ordinal, commit, tree, base, octet_length(pack), created_at
                        from checkpoints c
                        where c.workflow_id = chain.workflow_id and c.commit = chain.base and c.ordinal < chain.ordinal
                        order by c.ordinal desc limit 1
                    ) before
                )
                select ordinal, commit, tree, base, bytes, created_at from chain order by ordinal
                """
            ).map(StoredCheckpoint.init)
        }
    }

    /// What the packs of all checkpoints of a workflow take, in bytes.
    package func checkpointBytes(of workflow: UUID) async throws -> Int {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select coalesce(sum(octet_length(pack)), 0)::bigint as bytes from checkpoints
                where workflow_id = \(workflow)
                """
            ).first?.get("bytes") ?? 0
        }
    }

    /// Whether people were told that the workflow uses a model of unknown price, see ``BudgetAlert``.
    package func hasUnpricedAlert(of workflow: UUID) async throws -> Bool {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select exists (
                    select from task_activities where workflow_id = \(workflow) and seq is not null
                        and notification_type = \(EventType.budgetAlert.rawValue) and details ? 'unpriced_model'
                ) as told
                """
            ).first?.get("told") ?? false
        }
    }

    /// The pack of a checkpoint. It is read in parts, each with a connection of the pool for just that long. Throws
    /// ``StoreError/workRemoved`` if it is gone.
    package func pack(of checkpoint: StoredCheckpoint, in workflow: UUID) async throws -> Data {
        var pack = Data(capacity: checkpoint.bytes)
        while pack.count < checkpoint.bytes {
            let start = pack.count + 1
            let part = try await pool.withConnection { connection -> Data? in
                try connection.execute(
                    """
                    select substring(pack from \(start)::integer for \(Self.partBytes)::integer) as part
                    from checkpoints where workflow_id = \(workflow) and ordinal = \(checkpoint.ordinal)
                    """
                ).first?.get("part")
            }
            guard let part, !part.isEmpty else { throw StoreError.workRemoved }
            pack.append(part)
        }
        return pack
    }
}

extension StoredCheckpoint {
    fileprivate init(_ row: Row) throws {
        ordinal = try row.get("ordinal")
        commit = try row.get("commit")
        tree = try row.get("tree")
        base = try row.get("base")
        bytes = try row.get("bytes")
        createdAt = try row.get("created_at")
    }
}
