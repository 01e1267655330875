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

    /// The columns of a run `run`.
    static let columns: SQL = """
        exists (select from journal r where (r.workflow_id, r.stage, r.round, r.generation)
            = (run.workflow_id, run.stage, run.round, run.generation)) as has_journal,
        exists (select from steering s where s.workflow_id = run.workflow_id) as has_steering,
        (\(StoredCheckpoint.chain(of: "run.workflow_id", "jsonb_agg(to_jsonb(chain) order by ordinal)")))
            as checkpoints,
        (\(StoredCheckpoint.bytes(of: "run.workflow_id"))) as checkpoint_bytes
        """

    init(_ row: Row) throws {
        hasJournal = try row.get("has_journal")
        hasSteering = try row.get("has_steering")
        checkpoints = try row.get("checkpoints", as: JSONValue?.self)?.decode() ?? []
        checkpointBytes = try row.get("checkpoint_bytes")
    }
}
