import Contracts

/// Something that a run did or found, with all that is recorded with it.
package struct RunRecord: Sendable {
    /// The step of the journal that it is, if it is one.
    package let step: JournalStep?
    package let events: [EventDraft]
    let changes: WorkflowChanges

    /// A finished effect. Recording it again does nothing.
    package init(_ step: JournalStep, events: [EventDraft] = []) {
        self.step = step
        self.events = events
        guard let checkpoint = step.checkpoint else {
            changes = step.changes
            return
        }
        changes = step.changes.followed(
            by: WorkflowChanges(headCommit: checkpoint.commit, headTree: checkpoint.tree))
    }

    /// Events of work in progress, and what was found. Recording them again would tell them twice.
    package init(_ events: [EventDraft], changes: WorkflowChanges = .init()) {
        step = nil
        self.events = events
        self.changes = changes
    }
}

extension StepResult {
    /// The result together with what its run recorded with it.
    func following(_ records: [RunRecord]) -> StepResult {
        var whole = self
        whole.changes = records.changes.followed(by: changes)
        whole.events = records.flatMap(\.events) + events
        return whole
    }
}

extension [RunRecord] {
    /// What all of them change.
    var changes: WorkflowChanges { reduce(WorkflowChanges()) { $0.followed(by: $1.changes) } }
}
