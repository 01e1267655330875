import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization

@testable import TaskStore

/// A record in memory: it keeps submissions by their task, and otherwise answers what it is told to.
final class MemoryRecord: SubmissionRecord, ControlRecord, OperationRecord, StatusRecord, QueryRecord, CatalogueRecord,
    PatchSource, Sendable
{
    struct State {
        /// What holds for every task that says nothing.
        var defaults = TaskDefaults()
        /// Whether as many tasks wait as may.
        var isFull = false
        /// What was defined, the last last.
        var objects: [CatalogueObject] = []
        var submissions: [TaskAddress: Submission] = [:]
        /// The tasks that were begun.
        var begun: Set<TaskAddress> = []
        var rejections: [Rejection] = []
        var controls: [ControlRequest] = []
        /// Who asked for the last control or definition.
        var actor: String?
        /// The path by which the next submission would wait for itself.
        var cycle: [TaskID]?
        var control = ControlOutcome.notFound
        var snapshots: [TaskAddress: StatusSnapshot] = [:]
        var queries: [QueryRequest] = []
        var pages: [QueryScope: QueryPage] = [:]
        var patches: [TaskAddress: KeptPatch] = [:]
        /// How often a patch was put together.
        var patchesMade = 0
        /// What was asked of companies, the platform and replicas.
        var operations: [String] = []
        /// The replicas that live.
        var replicas: Set<String> = []
        var reports: [StoredReport] = []
        /// Thrown by whatever is asked.
        var failure: (any Error)?
    }

    let state = Mutex(State())

    private func read<T: Sendable>(_ body: (inout State) throws -> T) throws -> T {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
    }

    func submit(_ submission: Submission) async throws -> SubmissionOutcome {
        try read { state in
            let address = submission.request.task.address
            if let cycle = state.cycle { return .cycle(cycle) }
            if state.isFull { return .tooManyWaiting }
            let known = state.submissions[address]
            if let known, known.contentHash == submission.contentHash {
                return .duplicate(workflowID: known.workflowID)
            }
            if let known, !submission.updates || state.begun.contains(address) {
                return .conflict(workflowID: known.workflowID)
            }
            let id = known?.workflowID ?? submission.workflowID
            let messages = submission.isTrial ? [] : [OutboxMessage.sample(of: id)]
            if !submission.isTrial {
                state.submissions[address] = submission
                state.submissions[address]?.workflowID = id
            }
            return known == nil ? .accepted(workflowID: id, messages) : .updated(workflowID: id, messages)
        }
    }

    func defaults(of address: TaskAddress) async throws -> TaskDefaults { try read { $0.defaults } }

    func recorded(_ address: TaskAddress, as contentHashes: [String]) async throws -> UUID? {
        try read { state in
            let known = state.submissions[address]
            return known.flatMap { contentHashes.contains($0.contentHash) ? $0.workflowID : nil }
        }
    }

    func define(_ object: CatalogueObject, by actor: String?) async throws -> CatalogueOutcome {
        try read { state in
            state.actor = actor
            if let credentials = object.credentials, credentials.new == nil,
                !state.objects.contains(where: { $0.credentials?.remoteURL == credentials.remoteURL })
            {
                return .noCredentials
            }
            let isKnown = state.objects.last == object
            if !isKnown { state.objects.append(object) }
            return .defined(version: state.objects.count, created: !isKnown)
        }
    }

    func describe(_ kind: String, at place: CataloguePlace, version: Int?) async throws -> CatalogueDescription? {
        try read { state in
            guard let object = state.objects.last(where: { $0.kind == kind && $0.place == place }) else { return nil }
            return CatalogueDescription(
                kind: kind, name: place.name, version: version ?? state.objects.count, spec: object.spec)
        }
    }

    func list(
        _ request: QueryRequest, of kind: any CatalogueSpec.Type, in scope: QueryScope
    ) async throws -> QueryPage {
        try read { state in
            state.queries.append(request)
            return state.pages[scope] ?? QueryPage(items: [], cursor: nil)
        }
    }

    func remove(_ kind: String, at place: CataloguePlace) async throws -> Int? {
        try read { state in
            let count = state.objects.count
            state.objects.removeAll { $0.kind == kind && $0.place == place }
            return state.objects.count < count ? count : nil
        }
    }

    func reject(_ rejection: Rejection) async throws -> [OutboxMessage] {
        try read { state in
            guard !state.rejections.contains(where: { $0.deduplicationKey == rejection.deduplicationKey }) else {
                return []
            }
            state.rejections.append(rejection)
            return rejection.address == nil ? [] : [.sample(of: rejection.id)]
        }
    }

    func control(
        _ address: TaskAddress, _ request: ControlRequest, by actor: String?
    ) async throws -> ControlOutcome {
        try read { state in
            state.actor = actor
            state.controls.append(request)
            return state.control
        }
    }

    func move(_ place: PausePlace, _ cause: Standing.Cause, by actor: String) async throws -> Pause? {
        try read { state in
            state.operations.append("\(place.key) \(cause) \(actor)")
            let standing = Standing.going.after(cause)
            guard standing != .going else { return nil }
            return Pause(
                id: .v7(), place: place, standing: standing, pausedBy: actor, pausedAt: Date(), reportID: nil,
                resumedBy: nil, resumedAt: nil)
        }
    }

    func order(_ name: String, to order: Replica.Order, by actor: String) async throws -> Int {
        try read { state in
            guard state.replicas.contains(name) else { return 0 }
            state.operations.append("\(name) \(order) \(actor)")
            return 1
        }
    }

    func figures(of place: PausePlace) async throws -> Figures {
        try read { _ in Figures(since: Date(timeIntervalSince1970: 0), until: Date()) }
    }

    func keep(_ report: StoredReport) async throws { try read { $0.reports.append(report) } }

    func snapshot(_ address: TaskAddress) async throws -> StatusSnapshot? { try read { $0.snapshots[address] } }

    func head(of address: TaskAddress) async throws -> String {
        try read { state in
            guard let patch = state.patches[address] else {
                throw SubmissionRefusal(code: "not_found", reason: "there is no such task")
            }
            return patch.head
        }
    }

    func patch(of address: TaskAddress, upTo head: String) async throws -> KeptPatch {
        try read { state in
            guard let patch = state.patches[address], patch.head == head else {
                throw SubmissionRefusal(code: "not_found", reason: "the work was removed meanwhile")
            }
            state.patchesMade += 1
            return patch
        }
    }

    func page(_ request: QueryRequest, in scope: QueryScope) async throws -> QueryPage? {
        try read { state in
            state.queries.append(request)
            return state.pages[scope]
        }
    }
}

extension OutboxMessage {
    static func sample(of workflowID: UUID) -> OutboxMessage {
        OutboxMessage(
            id: 1, eventID: .v7(), workflowID: workflowID, seq: 1, subject: "a.b", headers: [:], payload: Data(),
            createdAt: Date())
    }
}

/// Keeps what it is handed.
final class MemoryOutlet: FrontDeskOutlet, Sendable {
    struct State {
        var published: [OutboxMessage] = []
        var woken: [UUID] = []
        /// How often replicas were told to look at the settings.
        var settingsTold = 0
        var notes: [String] = []
    }

    let state = Mutex(State())

    func publish(_ messages: [OutboxMessage]) { state.withLock { $0.published += messages } }
    func wakeOwner(of workflowID: UUID) async throws { state.withLock { $0.woken.append(workflowID) } }

    func wakeReplicas() async throws { state.withLock { $0.settingsTold += 1 } }

    func note(_ occurrence: FrontDeskOccurrence) {
        let text =
            switch occurrence {
            case .accepted: "accepted"
            case .updated: "updated"
            case .known: "known"
            case .refused(let refusal, _, let bytes): "refused \(refusal.code), \(bytes) bytes"
            case .defined(let kind, let place, let version): "defined \(kind) \(place.name), version \(version)"
            case .removed(let kind, let place): "removed \(kind) \(place.name)"
            case .failed(let error): "failed \(error)"
            }
        state.withLock { $0.notes.append(text) }
    }
}
