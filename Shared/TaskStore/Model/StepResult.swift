import Contracts

/// How a step was finished: what came of it, and what it leaves. What follows is the flow's to say.
package struct StepResult: Sendable {
    package var outcome: Outcome
    /// What is wrong, in words; `nil` for a success.
    package var issue: String?
    /// What a person reads who is asked to approve what follows.
    package var summary: String
    package var changes: WorkflowChanges
    package var events: [EventDraft]

    package init(
        _ outcome: Outcome, issue: String? = nil, summary: String = "", changes: WorkflowChanges = .init(),
        events: [EventDraft] = []
    ) {
        self.outcome = outcome
        self.issue = issue
        self.summary = summary
        self.changes = changes
        self.events = events
    }
}
