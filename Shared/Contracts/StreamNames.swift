/// The streams and consumers besides those of the kinds of steps, see ``StepKind/rows``.
package enum StreamNames {
    /// The one stream that holds every stored message.
    package static let events = "AUTOMATA"
    /// The consumer of `task_submitted`, shared by planners.
    package static let intake = "intake"
    /// The consumers of the terminal events, shared by webhook bridges.
    package static let webhookCompleted = "webhook-completed"
    package static let webhookFailed = "webhook-failed"
    /// The consumers of the terminal events, shared by notifiers.
    package static let notifyCompleted = "notify-completed"
    package static let notifyFailed = "notify-failed"
    /// The consumers of what else a chat is told of.
    package static let notifyApprovals = "notify-approvals"
    package static let notifyBudgets = "notify-budgets"
    package static let notifyCheckpoints = "notify-checkpoints"
}
