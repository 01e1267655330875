/// A place where a test can have a service killed: right before or right after a step of its protocol.
///
/// As text `before-claim`, `after-claim` and so on, see ``CrashPoints``.
package enum CrashPoint: Sendable, Hashable, CaseIterable, RawRepresentable {
    case before(Step)
    case after(Step)

    /// What a service does that must survive its death.
    package enum Step: String, Sendable, CaseIterable {
        /// The transaction that makes work this replica's.
        case claim
        /// The record that an effect is about to happen.
        case intent
        /// What happens outside of the record: a model or tool call, a command, a push, a webhook.
        case effect
        /// The record of what an effect gave.
        case result
        /// The transaction that ends a run, or repairs one.
        case commit
        /// A message of the outbox on its way to the stream.
        case publish
        /// The acknowledgement of a message.
        case ack
        /// The transaction that records a submission.
        case record
        /// The acknowledgement of a submission.
        case receipt
    }

    package static var allCases: [CrashPoint] { Step.allCases.flatMap { [.before($0), .after($0)] } }

    /// The step that the point is before or after.
    package var step: Step {
        switch self {
        case .before(let step), .after(let step): step
        }
    }

    package init?(rawValue: String) {
        guard let point = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = point
    }

    package var rawValue: String {
        switch self {
        case .before(let step): "before-\(step.rawValue)"
        case .after(let step): "after-\(step.rawValue)"
        }
    }
}
