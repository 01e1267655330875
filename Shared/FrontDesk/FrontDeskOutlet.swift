import Contracts
import FoundationEssentials
import TaskStore

/// Where desks hand on what they recorded.
package protocol FrontDeskOutlet: Sendable {
    /// Publishes what the record says is to be published. Returns at once.
    func publish(_ messages: [OutboxMessage])

    /// Has the replica that holds a workflow look at its flags at once: without it the next heartbeat tells it.
    func wakeOwner(of workflowID: UUID) async throws

    /// Has every replica look at the settings at once: without it they do within a while.
    func wakeReplicas() async throws

    /// Tells operators.
    func note(_ occurrence: FrontDeskOccurrence)
}

/// What operators are told of.
package enum FrontDeskOccurrence: Sendable {
    /// A submission was recorded.
    case accepted(workflowID: UUID)
    /// A submission has taken the place of what a task asked for that waits.
    case updated(workflowID: UUID)
    /// A submission was recorded before.
    case known(workflowID: UUID)
    /// A submission of so many bytes was refused.
    case refused(SubmissionRefusal, subject: String, bytes: Int)
    /// An object of the catalogue has a new version, or none any more.
    case defined(kind: String, place: CataloguePlace, version: Int)
    case removed(kind: String, place: CataloguePlace)
    /// A request could not be handled for a reason that may pass.
    case failed(any Error)
}
