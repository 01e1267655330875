import Foundations

/// A child of the workflow began.
package struct SubtaskStarted: EventDetails {
    package static let type = EventType.subtaskStarted

    /// Its name among its parent's children.
    package var key: String
    package var taskID: TaskID
    package var status: TaskStatus

    package init(key: String, taskID: TaskID, status: TaskStatus) {
        self.key = key
        self.taskID = taskID
        self.status = status
    }

    package var message: String { "Sub-task \(key) started" }

    private enum CodingKeys: String, CodingKey {
        case key, status
        case taskID = "task_id"
    }
}
