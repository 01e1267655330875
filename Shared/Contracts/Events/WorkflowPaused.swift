/// The workflow waits for `resume`.
package struct WorkflowPaused: EventDetails {
    package static let type = EventType.workflowPaused

    package var stage: String

    package init(stage: String) {
        self.stage = stage
    }

    package var message: String { "Paused in \(stage)" }

    private enum CodingKeys: String, CodingKey {
        case stage
    }
}
