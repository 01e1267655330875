import Contracts
import FoundationEssentials
import Foundations
import TaskStore

/// What the gateway needs of the record to let people and programs in. Digests are those of ``AccessToken``.
package protocol AccessRecord: Sendable {
    func accessGrant(token digest: String) async throws -> AccessGrant?
    func accessGrant(session digest: String) async throws -> AccessGrant?
    func signIn(token: String, session: String, for lifetime: Duration) async throws -> AccessGrant?
    func redeem(invitation: String, session: String, for lifetime: Duration) async throws -> AccessGrant?
    func signOut(session digest: String) async throws
}

/// What it shows of the record.
package protocol ShownRecord: Sendable {
    func page(_ request: QueryRequest, in scope: QueryScope) async throws -> QueryPage?
    func snapshot(_ address: TaskAddress) async throws -> StatusSnapshot?
    func describe(_ kind: String, at place: CataloguePlace, version: Int?) async throws -> CatalogueDescription?
    func versions(_ kind: String, at place: CataloguePlace, limit: Int) async throws -> [CatalogueDescription]
    func list(_ request: QueryRequest, of kind: any CatalogueSpec.Type, in scope: QueryScope) async throws -> QueryPage
    func nextCheckpoints(every days: Int) async throws -> [ScheduledCheckpoint]
    func workflow(_ id: UUID) async throws -> WorkflowRecord?
    func workflow(_ address: TaskAddress, withSeal: Bool) async throws -> WorkflowRecord?
}

/// What it follows in the record.
package protocol FollowedRecord: Sendable {
    func eventCursor() async throws -> EventCursor
    func events(after cursor: EventCursor, in scope: QueryScope, limit: Int) async throws -> EventBatch?
    func events(
        of address: TaskAddress, after seq: Int, limit: Int
    ) async throws -> (workflowID: String, events: [(seq: Int, event: JSONValue)])?
}

/// What it follows in the services' logs.
package protocol FollowedLogs: Sendable {
    func lastLine() async throws -> Int
    func lines(after id: Int, upTo last: Int, matching filter: LogFilter, limit: Int) async throws -> LogBatch
}

package typealias GatewayRecord = AccessRecord & ShownRecord & FollowedRecord & FollowedLogs

extension TaskStore: AccessRecord, ShownRecord, FollowedRecord, FollowedLogs {}
