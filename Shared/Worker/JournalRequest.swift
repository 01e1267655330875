import Contracts
import Foundations
import ServiceKit
import TaskStore

/// What a step of a run's journal is about, before it is taken.
package struct JournalRequest: Sendable, Hashable {
    package let kind: JournalKind
    /// For example the tool, or the ref that is pushed.
    package let name: String
    /// Identifies what was asked for: a replay that asks for something else must not take the result. Empty where
    /// nothing was asked.
    package let hash: String
    /// Whether the intent is recorded before the effect. Where it is not, an earlier record announces the effect.
    package let hasIntent: Bool

    package init(_ kind: JournalKind, name: String, hash: String = "", hasIntent: Bool = false) {
        self.kind = kind
        self.name = name
        self.hash = hash
        self.hasIntent = hasIntent
    }
}

/// What a step gave, and all that is recorded with it in one transaction.
package struct JournalOutcome: Sendable {
    package var result: JSONValue
    package var checkpoint: Checkpoint?
    package var changes: WorkflowChanges
    package var events: [EventDraft]

    package init(
        _ result: JSONValue, checkpoint: Checkpoint? = nil, changes: WorkflowChanges = WorkflowChanges(),
        events: [EventDraft] = []
    ) {
        self.result = result
        self.checkpoint = checkpoint
        self.changes = changes
        self.events = events
    }
}
