import Contracts

/// How a step ended: what came of it, and what it leaves. What follows is the flow's to say.
package struct StepResult: Sendable {
    package var outcome: Outcome
    /// What is wrong, in words; `nil` for a success.
    package var issue: String?
    /// What a person reads who is asked to approve what follows.
    package var summary: String
    /// What it leaves for the steps after it; `nil` for nothing.
    package var output: (any StepOutput)?
    package var changes: WorkflowChanges
    package var events: [EventDraft]

    package init(
        _ outcome: Outcome, issue: String? = nil, summary: String = "", output: (any StepOutput)? = nil,
        changes: WorkflowChanges = .init(), events: [EventDraft] = []
    ) {
        self.outcome = outcome
        self.issue = issue
        self.summary = summary
        self.output = output
        self.changes = changes
        self.events = events
    }
}
