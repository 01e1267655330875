/// The workflow goes on.
package struct WorkflowResumed: EventDetails {
    package static let type = EventType.workflowResumed

    package var stage: String

    package init(stage: String) {
        self.stage = stage
    }

    package var message: String { "Resumed in \(stage)" }

    private enum CodingKeys: String, CodingKey {
        case stage
    }
}
