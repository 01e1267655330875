/// The workflow waits for `resume`.
package struct WorkflowPaused: EventDetails {
    package static let type = EventType.workflowPaused

    package var stage: String
    /// Who asked for it, where that is known.
    package var actor: String?

    package init(stage: String, actor: String? = nil) {
        self.stage = stage
        self.actor = actor
    }

    package var message: String { "Paused in \(stage)" + (actor.map { " by \($0)" } ?? "") }

    private enum CodingKeys: String, CodingKey {
        case stage, actor
    }
}
