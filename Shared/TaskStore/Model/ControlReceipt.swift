import Contracts
import FoundationEssentials

/// The state of a workflow after a control request.
package struct ControlReceipt: Sendable, Hashable {
    package let workflowID: UUID
    package let status: TaskStatus
    package let lastSeq: Int
    /// Whether a replica holds the workflow and should look at its flags at once (`{prefix}.signals`).
    package let ownerShouldLook: Bool
    /// What is to be published.
    package internal(set) var messages: [OutboxMessage]
}
