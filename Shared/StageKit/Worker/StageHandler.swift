import Contracts
import Foundations
import ServiceKit
import TaskStore

/// The behaviour of one stage. Everything around it (claim, lease, heartbeat, retry, end) is the worker's.
package protocol StageHandler: Sendable {
    var stage: Stage { get }
    /// Runs the stage once. May be cancelled at any await; a later run starts again from the journal.
    func run(_ context: StageContext) async throws -> StageOutcome
}

/// How a stage ended.
package enum StageOutcome: Sendable {
    /// The next stage is ready.
    case advance(to: Stage, WorkflowChanges, [EventDraft])
    /// A person has to decide before the next stage.
    case awaitApproval(of: Stage, WorkflowChanges, [EventDraft])
    /// What was recorded of a stage, this one or an earlier one, does not do: it begins afresh.
    case again(at: Stage, because: String)
    /// The workflow ends.
    case end(TerminalStatus, reason: String?, WorkflowChanges, [EventDraft])
}

/// Why a stage failed, and what follows: another try, or the end of the workflow with `status`.
package struct StageFailure: Error, CustomStringConvertible {
    package let status: TerminalStatus
    package let reason: String
    package let isRetriable: Bool
    /// How long the failing party asks to wait.
    package var retryAfter: Duration?
    /// Whether that party is well and only wants to be asked less.
    package var isBusy = false

    package init(_ status: TerminalStatus, _ reason: String, isRetriable: Bool = false) {
        self.status = status
        self.reason = reason
        self.isRetriable = isRetriable
    }

    package var description: String { reason }
}

/// Why a running stage has to stop.
package enum StopReason: Error, Sendable, Hashable {
    /// Another replica owns the stage: write nothing, publish nothing.
    case leaseLost
    case cancelled
    case paused
    case timedOut
    /// The stage is alive but finished no step for too long.
    case stalled
    /// The process ends; another replica goes on.
    case shutdown
}
