/// Every message of the wire contract that is stored in the stream, by its last subject token; besides the permits of
/// ``StepKind``.
///
/// A new event is one row here and one file with its details in `Events/`.
package enum EventType: String, Sendable, Codable, CaseIterable {
    // In, from clients.
    case taskSubmitted = "task_submitted"

    // Out, to subscribers, in the envelope of `Event`.
    case workflowStarted = "workflow_started"
    case repoCloned = "repo_cloned"
    case branchCreated = "branch_created"
    case planCreated = "plan_created"
    case implementationStarted = "implementation_started"
    case implementationStep = "implementation_step"
    case implementationCompleted = "implementation_completed"
    case validationStarted = "validation_started"
    case validationCompleted = "validation_completed"
    case changesCommitted = "changes_committed"
    case changesPushed = "changes_pushed"
    case workflowCompleted = "workflow_completed"
    case workflowFailed = "workflow_failed"
    case taskRejected = "task_rejected"
    case approvalRequested = "approval_requested"
    case budgetAlert = "budget_alert"
    case discoveryRecorded = "discovery_recorded"
    case workflowPaused = "workflow_paused"
    case workflowResumed = "workflow_resumed"
    case subtaskStarted = "subtask_started"
    case subtaskEnded = "subtask_ended"
    case checkpointReached = "checkpoint_reached"

    /// Whether it tells subscribers something, in the envelope of `Event`. The rest are submissions.
    package var isOutgoing: Bool { self != .taskSubmitted }

    /// Whether every step may lead to it: what a workflow tells when it goes on, waits or ends, which may be the first that
    /// it tells of its children.
    package var isOfAnyStep: Bool {
        switch self {
        case .approvalRequested, .workflowPaused, .workflowCompleted, .workflowFailed, .subtaskStarted, .subtaskEnded:
            true
        default: false
        }
    }

    /// Whether it is the last event of a workflow.
    package var isTerminal: Bool { self == .workflowCompleted || self == .workflowFailed }
}

/// The request/reply subjects: core messages, never stored.
package enum RequestType: String, Sendable, CaseIterable {
    case submit
    case control
    case status
    case query
    /// The work that is kept of a task, as a patch.
    case diff
    // The catalogue: what people keep beside tasks.
    case define
    case describe
    case list
    case remove
    /// Between services: Git objects of the task's repository, answered by planners.
    case objects

    /// Whether programs outside of the platform may ask it.
    package var isOfClients: Bool {
        switch self {
        case .submit, .control, .status, .query, .diff, .define, .describe, .list, .remove: true
        case .objects: false
        }
    }

    /// Those that programs outside of the platform may ask.
    package static let ofClients = allCases.filter(\.isOfClients)

    /// Whether at a company's own place (`{company}.-.-`) operators alone may ask it: what stands there bounds the company.
    var isOfOperatorsAtCompanies: Bool { self == .define || self == .remove }
}
