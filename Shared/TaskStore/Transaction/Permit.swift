import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

/// The message that permits a replica to claim a run. Each announcement has an id of its own, so that the broker does
/// not take a second one for a duplicate.
struct Permit {
    let address: TaskAddress
    let workflowID: UUID
    let kind: StepKind
    /// Where the workflow is: which run of the step is to be claimed.
    let progress: Progress
    let traceID: String

    /// The row of the outbox, for ``OutboxMessage/insert``.
    func outboxRow(_ subjects: SubjectScheme) throws -> SQL {
        let id = UUID.v7()
        let request = StageRequest(
            workflowID: workflowID.text, address: address, stage: progress.stage, round: progress.round)
        let payload = String(decoding: try JSON.encode(request), as: UTF8.self)
        return """
            (\(id), \(workflowID), null, \(subjects.subject(address, permit: kind)),
             \(TraceContext.headers(traceID: traceID, spanOf: id)), \(payload))
            """
    }
}
