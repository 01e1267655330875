import Contracts
import Database

/// A stage run that a replica holds the lease of, with all it needs to do the work.
package struct StageRun: Sendable {
    package let claim: Claim
    /// How often the run was claimed since it last made progress, this time included; from 1.
    package let attempt: Int
    /// The last error of this run, if it was tried before.
    package let lastError: String?
    package let record: WorkflowRecord
    package let history: RunHistory

    package var key: RunKey { claim.key }
    package var request: TaskRequest { record.request }

    init(_ record: WorkflowRecord, _ row: Row, on connection: Connection) throws {
        self.record = record
        let key = RunKey(
            id: try row.get("run_id"), workflowID: record.workflowID, stage: record.stage, round: record.round,
            generation: record.generation)
        claim = Claim(key: key, owner: try row.get("owner"), epoch: try row.get("epoch"))
        history = try RunHistory(of: key, on: connection)
        attempt = try row.get("attempts")
        lastError = try row.get("last_error")
    }
}
