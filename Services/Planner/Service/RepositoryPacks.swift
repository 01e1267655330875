import Contracts
import FoundationEssentials
import Foundations
import Git
import RemoteAccess
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// The Git objects that planners hand to services without access to the remote.
package struct RepositoryPacks: PackSource {
    private let service: ServiceContext
    private let repositories: RepositoryAccess

    package init(_ service: ServiceContext, _ repositories: RepositoryAccess) {
        self.service = service
        self.repositories = repositories
    }

    /// The pack of the task's base commit: nothing else is handed out. A planner that lacks it fetches it first.
    package func pack(for address: TaskAddress, want: String, have: [String]) async throws -> Data {
        guard let record = try await service.store.workflow(address, withSeal: true), record.baseCommit == want,
            let commit = ObjectID(want)
        else { throw ObjectsError(reason: "\(want.prefix(40)) is not the base of a task", isRetriable: false) }
        return try await service.redactor.remembering(address.owner) {
            let mirror = try await repositories.mirror(record.request)
            try await repositories.ensure(commit, of: record.request, in: mirror)
            return try await mirror.pack(want: commit, have: have.compactMap { ObjectID($0) })
        }
    }
}
