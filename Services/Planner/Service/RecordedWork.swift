import Contracts
import Foundations
import FrontDesk
import Git
import RemoteAccess
import ServiceKit
import TaskStore
import Worker
import Workspaces

/// The work of tasks as the record holds it, put together with what this planner has of their repositories.
struct RecordedWork: PatchSource {
    /// The most bytes of a patch.
    private static let maximumBytes = 64 << 20

    private let service: ServiceContext
    private let repositories: RepositoryAccess

    init(_ service: ServiceContext, _ repositories: RepositoryAccess) {
        self.service = service
        self.repositories = repositories
    }

    func head(of address: TaskAddress) async throws -> String {
        guard let record = try await service.store.workflow(address) else {
            throw SubmissionRefusal(code: "not_found", reason: "there is no such task")
        }
        let kept = try await service.store.checkpointChain(of: record.workflowID).last?.commit
        guard record.baseCommit != nil, let head = kept ?? Self.pushed(record) else {
            let isRemoved = record.headCommit != nil
            throw SubmissionRefusal(
                code: "not_found",
                reason: isRemoved ? "the work was removed: the task ended long ago" : "the task has changed nothing")
        }
        return head
    }

    /// The commit that the remote has: what led to it is not kept then.
    private static func pushed(_ record: WorkflowRecord) -> String? {
        record.request.delivery.push ? record.commitHash : nil
    }

    func patch(of address: TaskAddress, upTo head: String) async throws -> KeptPatch {
        guard let record = try await service.store.workflow(address, withSeal: true),
            let base = record.baseCommit.flatMap({ ObjectID($0) }), let newest = ObjectID(head)
        else { throw Self.gone }
        return try await service.redactor.remembering(address.owner) {
            let mirror = try await repositories.mirror(record.request)
            do {
                try await repositories.ensure(base, of: record.request, in: mirror)
            } catch let failure as StageFailure {
                throw SubmissionRefusal(code: "unavailable", reason: failure.reason)
            }
            let chain = try await service.store.checkpointChain(of: record.workflowID)
            if let place = chain.firstIndex(where: { $0.commit == head }) {
                _ = try await TaskMirror.add(Array(chain[...place]), after: base, to: mirror) {
                    try await service.store.pack(of: $0, in: record.workflowID)
                }
            } else {
                try await fetch(pushed: newest, of: record, into: mirror)
            }
            let diff = try await mirror.diff(from: base, to: newest, maxBytes: Self.maximumBytes)
            return KeptPatch(
                base: base.text, head: head, files: diff.files.map(\.item), patch: diff.patch,
                isTruncated: diff.isTruncated)
        }
    }

    private static let gone = SubmissionRefusal(code: "not_found", reason: "the work was removed meanwhile")

    private func fetch(pushed commit: ObjectID, of record: WorkflowRecord, into mirror: Mirror) async throws {
        guard commit.text == Self.pushed(record) else { throw Self.gone }
        do {
            try await repositories.ensure(commit, of: record.request, in: mirror)
        } catch is StageFailure {
            throw SubmissionRefusal(code: "not_found", reason: "the remote has commit \(commit.text) no more")
        }
    }
}

extension DiffSummary.File {
    fileprivate var item: JSONValue {
        [
            "path": .string(path), "status": .string(status.rawValue), "insertions": .int(insertions),
            "deletions": .int(deletions),
        ]
    }
}
