import AgentRuns
import Contracts
import Foundations
import Synchronization
import TaskStore
import Worker

@testable import PusherService
@testable import ValidatorService

/// The journal of a run in memory: what one owner recorded the next one finds.
final class MemoryJournal: EffectJournal, FactJournal, RecordedSteps, Sendable {
    /// The owner died before it recorded more.
    struct Death: Error {}

    /// What was recorded of a step; without an outcome it was begun.
    struct Entry {
        let request: JournalRequest
        var outcome: JournalOutcome?
    }

    private struct State {
        var entries: [Entry] = []
        var next = 0
        /// How many entries this owner found.
        var kept = 0
        /// How many steps there are when the owner dies.
        var most = Int.max
    }

    private let state = Mutex(State())

    /// The names of the steps that were begun, in order.
    var names: [String] { state.withLock { $0.entries.map(\.request.name) } }

    /// What was recorded, in order.
    var outcomes: [JournalOutcome] { state.withLock { $0.entries.compactMap(\.outcome) } }

    /// The events that were recorded, in order.
    var events: [EventDraft] { outcomes.flatMap(\.events) }

    /// What the recorded steps changed of the workflow.
    var changes: WorkflowChanges { outcomes.reduce(WorkflowChanges()) { $0.followed(by: $1.changes) } }

    /// Another owner begins with the first step.
    ///
    /// - Parameter most: The owner dies where it would record more steps than that.
    func beginAgain(dyingAfter most: Int = .max) {
        state.withLock { state in
            (state.next, state.kept, state.most) = (0, state.entries.count, most)
        }
    }

    var results: [JSONValue] { state.withLock { $0.entries.prefix($0.kept).compactMap(\.outcome?.result) } }

    func perform<Preparation: Sendable>(
        _ request: JournalRequest, after prepare: @Sendable () async throws -> Preparation,
        _ effect: @Sendable (Preparation, _ wasBegun: Bool) async throws -> JournalOutcome
    ) async throws -> (result: JSONValue, wasReplayed: Bool) {
        let (number, entry) = try begin(request)
        if let done = entry?.outcome { return (done.result, true) }
        let preparation = try await prepare()
        if request.hasIntent, entry == nil { state.withLock { $0.entries.append(Entry(request: request)) } }
        let outcome = try await effect(preparation, entry != nil)
        return (try record(outcome, of: request, as: number), false)
    }

    func perform(
        _ request: JournalRequest, _ effect: @Sendable (_ wasBegun: Bool) async throws -> JournalOutcome
    ) async throws -> (result: JSONValue, wasReplayed: Bool) {
        try await perform(request, after: {}) { _, wasBegun in try await effect(wasBegun) }
    }

    func keep(_ request: JournalRequest, _ outcome: JournalOutcome) async throws -> JSONValue {
        let (number, entry) = try begin(request)
        if let done = entry?.outcome { return done.result }
        return try record(outcome, of: request, as: number)
    }

    private func begin(_ request: JournalRequest) throws -> (number: Int, entry: Entry?) {
        let (number, entry) = state.withLock { state -> (Int, Entry?) in
            defer { state.next += 1 }
            return (state.next, state.next < state.entries.count ? state.entries[state.next] : nil)
        }
        guard entry == nil || entry?.request == request else { throw JournalMismatch("step \(number)") }
        return (number, entry)
    }

    private func record(_ outcome: JournalOutcome, of request: JournalRequest, as number: Int) throws -> JSONValue {
        try state.withLock { state in
            guard number < state.most else { throw Death() }
            if number == state.entries.count { state.entries.append(Entry(request: request)) }
            state.entries[number].outcome = outcome
            return outcome.result
        }
    }
}
