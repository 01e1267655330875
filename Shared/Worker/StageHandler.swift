import Contracts
import TaskStore

/// The behaviour of one kind of step. Everything around it (claim, lease, heartbeat, retry, end) is the worker's, and where
/// the workflow goes from here is its flow's.
package protocol StageHandler: Sendable {
    var kind: StepKind { get }
    /// How long a step may take by limits of its own, where they are longer than what the worker allows any step.
    var longestStep: Duration { get }
    /// Runs the step once. May be cancelled at any await; a later run starts again from the journal.
    func run(_ context: StageContext) async throws -> StageEnd
}

extension StageHandler {
    package var longestStep: Duration { .zero }
}

/// What happened in a step.
package enum StageEnd: Sendable {
    /// It came to one of its kind's outcomes.
    case finished(StepResult)
    /// It cannot be done, and this is what there is of it. Throwing the failure leaves nothing.
    case failed(StageFailure, WorkflowChanges)
}

/// Why a step failed, and what follows: another try, or the end of the workflow with `status`.
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
