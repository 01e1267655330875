/// The task was accepted and recorded.
package struct WorkflowStarted: EventDetails {
    package static let type = EventType.workflowStarted

    package var title: String
    package var priority: Int

    package init(title: String, priority: Int) {
        self.title = title
        self.priority = priority
    }

    package var message: String { "Accepted: \(title.line(200))" }

    private enum CodingKeys: String, CodingKey {
        case title, priority
    }
}
