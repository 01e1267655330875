import Foundations

/// A child of the workflow ended.
package struct SubtaskEnded: EventDetails {
    package static let type = EventType.subtaskEnded

    /// Its name among its parent's children.
    package var key: String
    package var taskID: TaskID
    package var status: TaskStatus

    package init(key: String, taskID: TaskID, status: TaskStatus) {
        self.key = key
        self.taskID = taskID
        self.status = status
    }

    package var message: String { "Sub-task \(key) ended: \(status.rawValue)" }

    private enum CodingKeys: String, CodingKey {
        case key, status
        case taskID = "task_id"
    }
}
