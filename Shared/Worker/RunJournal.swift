import Contracts
import Database
import FoundationEssentials
import Foundations
import Logging
import ServiceKit
import Synchronization
import TaskStore

/// The journal of a stage run: gives back what an earlier owner of the run finished, and records what this one does.
///
/// A step is an intent, an effect, a result. The steps of a run come one after the other, and in the same order for
/// the same results; so the n-th step is the n-th entry. An effect whose result is not recorded happens again: the
/// step is told if it was begun before.
package final class RunJournal: Sendable {
    private struct State {
        let kept: [JournalEntry]
        var next = 0
    }

    /// The steps of an effect, see ``CrashPoints``.
    package static let crashSteps: [CrashPoint.Step] = [.intent, .effect, .result]

    private let context: StageContext
    private let state: Mutex<State>

    /// Reads what earlier owners of the run recorded. There is one journal a claim.
    package init(_ context: StageContext) async throws {
        self.context = context
        let kept = context.run.history.hasJournal ? try await context.service.store.journal(of: context.run.key) : []
        state = Mutex(State(kept: kept))
    }

    /// The results that an earlier owner recorded, in order.
    package var results: [JSONValue] { state.withLock { $0.kept.compactMap(\.result) } }

    /// Takes a step, or gives back its result if it was taken before.
    ///
    /// Throws `JournalMismatch` if another step was recorded in its place, and the store's errors; an error of `effect`
    /// passes through and is not recorded.
    ///
    /// - Parameters:
    ///   - prepare: What the effect needs of the database, before the intent: with that the lease is whole, and nothing
    ///     that waits may use it up.
    ///   - effect: Is told whether an earlier owner began it too, with an outcome that nobody recorded.
    package func perform<Preparation: Sendable>(
        _ request: JournalRequest, after prepare: @Sendable () async throws -> Preparation,
        _ effect: @Sendable (Preparation, _ wasBegun: Bool) async throws -> JournalOutcome
    ) async throws -> (result: JSONValue, wasReplayed: Bool) {
        let (number, entry) = try next(request)
        if let entry, entry.isDone { return (entry.result ?? .null, true) }
        let preparation = try await prepare()
        let (service, start) = (context.service, Date())
        if request.hasIntent {
            try await service.crashPoints.around(.intent) { try await announce(request, as: number) }
        }
        let outcome = try await service.crashPoints.around(.effect) {
            try await whileHeld { try await effect(preparation, entry != nil) }
        }
        let result = try await service.crashPoints.around(.result) {
            try await record(outcome, of: request, as: number, since: start)
        }
        return (result, false)
    }

    /// Takes a step that needs no preparation.
    package func perform(
        _ request: JournalRequest, _ effect: @Sendable (_ wasBegun: Bool) async throws -> JournalOutcome
    ) async throws -> (result: JSONValue, wasReplayed: Bool) {
        try await perform(request, after: {}) { _, wasBegun in try await effect(wasBegun) }
    }

    /// Does nothing, and sends no request, once the lease may have ended: a process that stood still goes on with what
    /// it was about to do, before it learns of anything.
    private func whileHeld<T: Sendable>(_ effect: () async throws -> T) async throws -> T {
        guard context.isHeld else { throw StoreError.leaseLost }
        let permission = SendPermission { [context] in context.isHeld }
        return try await SendPermission.$current.withValue(permission) { try await effect() }
    }

    /// Records a fact that nothing outside of the record follows from, or gives back what was recorded before.
    package func keep(_ request: JournalRequest, _ outcome: JournalOutcome) async throws -> JSONValue {
        let (number, entry) = try next(request)
        if let entry, entry.isDone { return entry.result ?? .null }
        return try await record(outcome, of: request, as: number, since: Date())
    }

    /// The number of the next step and what is recorded of it.
    private func next(_ request: JournalRequest) throws -> (number: Int, entry: JournalEntry?) {
        let (number, entry) = state.withLock { state -> (Int, JournalEntry?) in
            defer { state.next += 1 }
            return (state.next, state.next < state.kept.count ? state.kept[state.next] : nil)
        }
        guard let entry, !entry.is(request) else { return (number, entry) }
        // A run computes its steps from the record alone. If they differ, then what was recorded belongs to another
        // course of events (of another version of the program, say), and no result of it may be taken.
        context.logger.warning(
            "the journal does not fit",
            metadata: [
                "step": "\(number)", "recorded": "\(entry.kind.rawValue) \(entry.name) \(entry.requestHash)",
                "asked": "\(request.kind.rawValue) \(request.name) \(request.hash)",
            ])
        throw JournalMismatch("step \(number) was recorded as \(entry.name) for another request")
    }

    private func announce(_ request: JournalRequest, as number: Int) async throws {
        let asked = ContinuousClock.now
        try await context.service.store.recordIntent(
            context.run.claim, step: number, kind: request.kind, name: request.name, requestHash: request.hash,
            lease: context.service.settings.lease)
        context.control.held(since: asked)
    }

    /// Returns the result as a replay will see it.
    private func record(
        _ outcome: JournalOutcome, of request: JournalRequest, as number: Int, since start: Date
    ) async throws -> JSONValue {
        let step = JournalStep(
            step: number, kind: request.kind, name: request.name, requestHash: request.hash, result: outcome.result,
            startedAt: start, checkpoint: outcome.checkpoint, changes: outcome.changes)
        context.service.publisher.publish(try await recordWhileHeld(step, events: outcome.events))
        context.control.progressed()
        return step.result
    }

    /// What has happened is worth recording as long as the lease may hold: the heartbeat cancels this when it does not.
    /// Recording a step twice does nothing, so it is repeated after a commit that nobody knows the outcome of, too.
    private func recordWhileHeld(_ step: JournalStep, events: [EventDraft]) async throws -> [OutboxMessage] {
        let backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
        var attempt = 0
        while true {
            do {
                return try await context.service.store.recordStep(context.run.claim, step, events: events)
            } catch let error as DatabaseError where error.isRetriable || error.code == .commitOutcomeUnknown {
                context.logger.warning(
                    "a step is not recorded yet", metadata: ["step": "\(step.step)", "error": "\(error)"])
                try await Task.sleep(for: backoff.delay(attempt: attempt))
                attempt += 1
            }
        }
    }
}

extension JournalEntry {
    fileprivate func `is`(_ request: JournalRequest) -> Bool {
        kind == request.kind && name == request.name && requestHash == request.hash
    }
}
