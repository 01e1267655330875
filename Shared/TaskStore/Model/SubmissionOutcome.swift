import FoundationEssentials
import Foundations

/// What became of a submission.
package enum SubmissionOutcome: Sendable, Hashable {
    /// It is recorded; the messages are to be published.
    case accepted(workflowID: UUID, [OutboxMessage])
    /// The same task with the same content was recorded before.
    case duplicate(workflowID: UUID)
    /// The task's id is taken by other content.
    case conflict(workflowID: UUID)
    /// The task would wait for itself: the path of its dependencies, ending in the task.
    case cycle([TaskID])
    /// As many tasks of the company wait to be begun as may.
    case tooManyWaiting
}
