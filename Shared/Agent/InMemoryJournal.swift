import Foundations
import Synchronization

/// A journal without a database, for tests and trials.
package final class InMemoryJournal: StepJournal {
    /// One kept step.
    package struct Record: Sendable, Hashable {
        package let step: StepDescriptor
        package let outcome: StepOutcome
    }

    /// The crash that was asked for.
    package struct Crash: Error {
        package init() {}
    }

    /// The conversation took another step than the one that is kept at this place.
    package struct Divergence: Error, CustomStringConvertible {
        package let expected: StepDescriptor
        package let actual: StepDescriptor
        package var description: String { "expected \(expected), got \(actual)" }
    }

    private struct State {
        var records: [Record]
        var cursor = 0
    }

    private let state: Mutex<State>
    private let crashesAfter: Int?

    /// A journal that replays `records` first. With `crashesAfter` it throws ``Crash`` instead of taking a step once
    /// that many are kept.
    package init(records: [Record] = [], crashesAfter: Int? = nil) {
        state = Mutex(State(records: records))
        self.crashesAfter = crashesAfter
    }

    /// All kept steps in order.
    package var records: [Record] { state.withLock { $0.records } }

    package func perform(
        _ step: StepDescriptor, after check: @Sendable () async throws -> ControlState,
        _ body: @Sendable (ControlState) async throws -> StepOutcome
    ) async throws -> StepReplay {
        if let kept = try next(step) { return StepReplay(result: kept.outcome.result, wasReplayed: true) }
        if let crashesAfter, records.count >= crashesAfter { throw Crash() }
        let outcome = try await body(check())
        state.withLock { state in
            state.records.append(Record(step: step, outcome: outcome))
            state.cursor += 1
        }
        return StepReplay(result: outcome.result, wasReplayed: false)
    }

    private func next(_ step: StepDescriptor) throws -> Record? {
        try state.withLock { state in
            guard state.cursor < state.records.count else { return nil }
            let record = state.records[state.cursor]
            guard record.step == step else { throw Divergence(expected: record.step, actual: step) }
            state.cursor += 1
            return record
        }
    }
}
