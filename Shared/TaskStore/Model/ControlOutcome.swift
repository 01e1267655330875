import Contracts

/// What became of a control request.
package enum ControlOutcome: Sendable, Hashable {
    /// It holds now, whether by this request or an earlier one.
    case accepted(ControlReceipt)
    /// No workflow has this address.
    case notFound
    /// For example `not_possible` or `already_ended`, with a reason for people.
    case refused(code: String, message: String)
}
