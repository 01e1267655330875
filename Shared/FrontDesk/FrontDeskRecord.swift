import Contracts
import FoundationEssentials
import TaskStore

/// What submissions need of the record.
package protocol SubmissionRecord: Sendable {
    /// What holds for a task where its submission says nothing.
    func defaults(of address: TaskAddress) async throws -> TaskDefaults
    func submit(_ submission: Submission) async throws -> SubmissionOutcome
    /// The workflow of a task that was recorded with one of these contents.
    func recorded(_ address: TaskAddress, as contentHashes: [String]) async throws -> UUID?
    func reject(_ rejection: Rejection) async throws -> [OutboxMessage]
}

/// What control requests need of the record.
package protocol ControlRecord: Sendable {
    func control(_ address: TaskAddress, _ request: ControlRequest, by actor: String?) async throws -> ControlOutcome
}

/// What `status` needs of the record.
package protocol StatusRecord: Sendable {
    func snapshot(_ address: TaskAddress) async throws -> StatusSnapshot?
}

/// What `query` needs of the record.
package protocol QueryRecord: Sendable {
    func page(_ request: QueryRequest, in scope: QueryScope) async throws -> QueryPage?
}

/// What the catalogue needs of the record.
package protocol CatalogueRecord: Sendable {
    func define(_ object: CatalogueObject, by actor: String?) async throws -> CatalogueOutcome
    func describe(_ kind: String, at place: CataloguePlace, version: Int?) async throws -> CatalogueDescription?
    func list(_ request: QueryRequest, of kind: any CatalogueSpec.Type, in scope: QueryScope) async throws -> QueryPage
    func remove(_ kind: String, at place: CataloguePlace) async throws -> Int?
}

extension TaskStore: SubmissionRecord, ControlRecord, StatusRecord, QueryRecord, CatalogueRecord {}
