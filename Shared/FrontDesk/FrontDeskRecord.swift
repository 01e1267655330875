import Contracts
import TaskStore

/// What submissions need of the record.
package protocol SubmissionRecord: Sendable {
    func submit(_ submission: Submission) async throws -> SubmissionOutcome
    func reject(_ rejection: Rejection) async throws -> [OutboxMessage]
}

/// What control requests need of the record.
package protocol ControlRecord: Sendable {
    func control(_ address: TaskAddress, _ request: ControlRequest) async throws -> ControlOutcome
}

/// What `status` needs of the record.
package protocol StatusRecord: Sendable {
    func snapshot(_ address: TaskAddress) async throws -> StatusSnapshot?
}

/// What `query` needs of the record.
package protocol QueryRecord: Sendable {
    func page(_ request: QueryRequest, in scope: QueryScope) async throws -> QueryPage?
}

extension TaskStore: SubmissionRecord, ControlRecord, StatusRecord, QueryRecord {}
