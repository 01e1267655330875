/// A submission could not be accepted.
package struct TaskRejected: EventDetails {
    package static let type = EventType.taskRejected

    package var code: String
    package var field: String
    package var reason: String

    package init(code: String, field: String, reason: String) {
        self.code = code
        self.field = field
        self.reason = reason
    }

    package var message: String { field.isEmpty ? "Rejected: \(reason)" : "Rejected: \(field): \(reason)" }

    private enum CodingKeys: String, CodingKey {
        case code, field, reason
    }
}
