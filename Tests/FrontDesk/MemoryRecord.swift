import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization

@testable import TaskStore

/// A record in memory: it keeps submissions by their task, and otherwise answers what it is told to.
final class MemoryRecord: SubmissionRecord, ControlRecord, OperationRecord, StatusRecord, QueryRecord, PatchSource,
    Sendable
{
    struct State {
        var submissions: [TaskAddress: Submission] = [:]
        var rejections: [Rejection] = []
        var controls: [ControlRequest] = []
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
            if let known = state.submissions[address] {
                return known.contentHash == submission.contentHash
                    ? .duplicate(workflowID: known.workflowID) : .conflict(workflowID: known.workflowID)
            }
            state.submissions[address] = submission
            return .accepted(workflowID: submission.workflowID, [.sample(of: submission.workflowID)])
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

    func control(_ address: TaskAddress, _ request: ControlRequest) async throws -> ControlOutcome {
        try read { state in
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
        var notes: [String] = []
    }

    let state = Mutex(State())

    func publish(_ messages: [OutboxMessage]) { state.withLock { $0.published += messages } }
    func wakeOwner(of workflowID: UUID) async throws { state.withLock { $0.woken.append(workflowID) } }

    func note(_ occurrence: FrontDeskOccurrence) {
        let text =
            switch occurrence {
            case .accepted: "accepted"
            case .known: "known"
            case .refused(let refusal, _, let bytes): "refused \(refusal.code), \(bytes) bytes"
            case .failed(let error): "failed \(error)"
            }
        state.withLock { $0.notes.append(text) }
    }
}
