import Contracts
import Foundations

/// Keeps the outcome of every step before the conversation acts upon it.
///
/// A conversation takes its steps one after the other, always in the same order for the same outcomes. A journal that
/// holds outcomes of an earlier run hands them back in that order without calling `body`; after the last one it calls
/// `body` and stores what it returns before it returns itself.
package protocol StepJournal: Sendable {
    /// The outcome of the next step. An error of `body` passes through and is not stored. An error of the journal
    /// itself (the lease is lost, the database is away) ends the conversation, which throws it on.
    ///
    /// - Parameter check: Runs before a step that is really taken is announced: it may wait for the database, while
    ///   nothing that waits may stand between the announcement and a call that costs money.
    func perform(
        _ step: StepDescriptor, after check: @Sendable () async throws -> ControlState,
        _ body: @Sendable (ControlState) async throws -> StepOutcome
    ) async throws -> StepReplay
}

/// The result of a step, taken now or earlier.
package struct StepReplay: Sendable, Hashable {
    package var result: JSONValue
    /// Whether the result was kept from an earlier run.
    package var wasReplayed: Bool

    package init(result: JSONValue, wasReplayed: Bool) {
        self.result = result
        self.wasReplayed = wasReplayed
    }

    /// The result as the conversation understands it. Throws ``JournalMismatch`` if another version recorded another form.
    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        do {
            return try result.decode(type)
        } catch {
            throw wasReplayed ? JournalMismatch("a result was recorded in another form than \(type)") : error
        }
    }
}
