/// How a workflow ended. Each workflow reaches exactly one.
package enum TerminalStatus: String, Sendable, Codable, CaseIterable {
    case completed
    case completedNoChanges = "completed_no_changes"
    case validationFailed = "validation_failed"
    case budgetExhausted = "budget_exhausted"
    case iterationsExhausted = "iterations_exhausted"
    case stuck
    case timedOut = "timed_out"
    case cancelled
    case skipped
    case rejected
    case pushRejected = "push_rejected"
    case modelUnavailable = "model_unavailable"
    case repositoryUnavailable = "repository_unavailable"
    case internalError = "internal_error"

    /// True for `completed` and `completed_no_changes` alone.
    package var isSuccess: Bool { self == .completed || self == .completedNoChanges }

    /// The event that ends the workflow.
    package var event: EventType { isSuccess ? .workflowCompleted : .workflowFailed }
}

/// Where a workflow is: one of four open states, or how it ended.
package enum TaskStatus: Sendable, Hashable {
    /// The next stage waits for a replica.
    case queued
    /// A replica holds the lease of the current stage.
    case running
    /// Held by `pause`.
    case paused
    /// Held until `approve` or `reject`.
    case awaitingApproval
    case ended(TerminalStatus)

    package var isTerminal: Bool { if case .ended = self { true } else { false } }
}

extension TaskStatus: RawRepresentable, Codable {
    package init?(rawValue: String) {
        switch rawValue {
        case "queued": self = .queued
        case "running": self = .running
        case "paused": self = .paused
        case "awaiting_approval": self = .awaitingApproval
        default:
            guard let status = TerminalStatus(rawValue: rawValue) else { return nil }
            self = .ended(status)
        }
    }

    package var rawValue: String {
        switch self {
        case .queued: "queued"
        case .running: "running"
        case .paused: "paused"
        case .awaitingApproval: "awaiting_approval"
        case .ended(let status): status.rawValue
        }
    }
}
