import Contracts
import FoundationEssentials
import Foundations

/// A finished effect, to be recorded together with all that follows from it.
package struct JournalStep: Sendable {
    package var step: Int
    package var kind: JournalKind
    /// For example the model or the tool.
    package var name: String
    package var requestHash: String
    /// As a replay will read it: without what Postgres cannot keep.
    package let result: JSONValue
    /// When the effect began; `nil` takes the intent's time, or now.
    package var startedAt: Date?
    /// The work tree after the step, if it changed.
    package var checkpoint: Checkpoint?
    /// Among them what the call used.
    package var changes: WorkflowChanges

    package init(
        step: Int, kind: JournalKind, name: String, requestHash: String, result: JSONValue, startedAt: Date? = nil,
        checkpoint: Checkpoint? = nil, changes: WorkflowChanges = .init()
    ) {
        self.step = step
        self.kind = kind
        self.name = name
        self.requestHash = requestHash
        self.result = result.storable
        self.startedAt = startedAt
        self.checkpoint = checkpoint
        self.changes = changes
    }
}
