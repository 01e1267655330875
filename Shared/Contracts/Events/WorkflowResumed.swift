/// The workflow goes on.
package struct WorkflowResumed: EventDetails {
    package static let type = EventType.workflowResumed

    package var stage: String
    /// Who asked for it, where that is known.
    package var actor: String?

    package init(stage: String, actor: String? = nil) {
        self.stage = stage
        self.actor = actor
    }

    package var message: String { "Resumed in \(stage)" + (actor.map { " by \($0)" } ?? "") }

    private enum CodingKeys: String, CodingKey {
        case stage, actor
    }
}
