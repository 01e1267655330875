import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// What is read of a pack at a time: neither the database nor this process holds a whole one as text.
    private static let partBytes = 4 << 20

    /// The checkpoints that lead from the base commit to the newest, to be applied in order; empty if there is none.
    package func checkpointChain(of workflow: UUID) async throws -> [StoredCheckpoint] {
        let chain = StoredCheckpoint.chain(of: "\(workflow)", "*")
        return try await pool.withConnection { connection in
            try connection.execute("\(chain) order by ordinal").map(StoredCheckpoint.init)
        }
    }

    /// What the packs of all checkpoints of a workflow take, in bytes.
    package func checkpointBytes(of workflow: UUID) async throws -> Int {
        let bytes = StoredCheckpoint.bytes(of: "\(workflow)")
        return try await pool.withConnection { try $0.execute(bytes).first?.get("bytes") ?? 0 }
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
