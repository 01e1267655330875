import Database
import Foundations

/// What earlier runs of a workflow and earlier owners of a run left, as of its claim. While the claim holds, nobody but its
/// owner adds to it; people's messages apart, which a heartbeat tells of.
package struct RunHistory: Sendable {
    /// Whether an earlier owner of the run recorded a step.
    package let hasJournal: Bool
    /// Whether people ever sent the workflow's model a message.
    package let hasSteering: Bool
    /// See ``TaskStore/checkpointChain(of:)``.
    package let checkpoints: [StoredCheckpoint]
    /// See ``TaskStore/checkpointBytes(of:)``.
    package let checkpointBytes: Int

    /// Reads it in the transaction that claims the run, by a statement of its own: the one that took the lock sees what
    /// was there when it began, and an owner whose lease has ended may have recorded a step between the two.
    init(of key: RunKey, on connection: Connection) throws {
        let chain = StoredCheckpoint.chain(of: "\(key.workflowID)", "jsonb_agg(to_jsonb(chain) order by ordinal)")
        let rows = try connection.execute(
            """
            select exists (select from journal where run_id = \(key.id)) as has_journal,
                exists (select from steering s where s.workflow_id = \(key.workflowID)) as has_steering,
                (\(chain)) as checkpoints, (\(StoredCheckpoint.bytes(of: "\(key.workflowID)"))) as checkpoint_bytes
            """)
        guard let row = rows.first else { throw StoreError.unknownWorkflow }
        hasJournal = try row.get("has_journal")
        hasSteering = try row.get("has_steering")
        checkpoints = try row.get("checkpoints", as: JSONValue?.self)?.decode() ?? []
        checkpointBytes = try row.get("checkpoint_bytes")
    }
}
