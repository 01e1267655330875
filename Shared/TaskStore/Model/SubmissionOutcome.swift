import FoundationEssentials
import Foundations

/// What became of a submission.
package enum SubmissionOutcome: Sendable, Hashable {
    /// It is recorded; the messages are to be published.
    case accepted(workflowID: UUID, [OutboxMessage])
    /// The same task with the same content was recorded before.
    case duplicate(workflowID: UUID)
    /// It has taken the place of what the same task asked for; the messages are to be published.
    case updated(workflowID: UUID, [OutboxMessage])
    /// The task's id is taken by other content; of a submission that updates, by a task that was begun.
    case conflict(workflowID: UUID)
    /// The task would wait for itself: the path of its dependencies, ending in the task.
    case cycle([TaskID])
    /// As many tasks of the company wait to be begun as may.
    case tooManyWaiting

    /// The same, with nothing to publish.
    var withoutMessages: SubmissionOutcome {
        switch self {
        case .accepted(let workflowID, _): .accepted(workflowID: workflowID, [])
        case .updated(let workflowID, _): .updated(workflowID: workflowID, [])
        case .duplicate, .conflict, .cycle, .tooManyWaiting: self
        }
    }
}
