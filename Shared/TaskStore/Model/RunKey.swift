import Contracts
import Database
import FoundationEssentials

/// A run of a step: its id, which all that hangs on a run refers to, and what it is a run of.
///
/// The database counts the ids. A UUID that the program makes would take twice the room, in every step of a journal and
/// once more in the index, and nobody needs the id of a run before it is inserted.
package struct RunKey: Sendable, Hashable {
    package let id: Int
    package let workflowID: UUID
    package let stage: Stage
    /// The repair round, from 0.
    package let round: Int
    /// How often the workflow was retried by hand, or one of its steps begun afresh, before this run, from 0.
    package let generation: Int
}

extension RunKey {
    /// The condition on a row `r` of `stage_runs`.
    var matches: SQL { "r.id = \(id)" }
}
