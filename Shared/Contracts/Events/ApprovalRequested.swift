/// A person has to decide before the workflow goes on.
package struct ApprovalRequested: EventDetails {
    package static let type = EventType.approvalRequested

    package var approval: String
    package var summary: String

    package init(approval: String, summary: String) {
        self.approval = approval
        self.summary = summary
    }

    package var message: String { "Waiting for approval of the \(approval)" }

    private enum CodingKeys: String, CodingKey {
        case approval, summary
    }
}
