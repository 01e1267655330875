import FoundationEssentials
import Foundations

/// The details of one kind of outgoing event. A new event is a type like this and a row of ``EventType``.
package protocol EventDetails: Codable, Sendable {
    static var type: EventType { get }
    /// One line for people.
    var message: String { get }
}

/// An outgoing event: the envelope that every subscriber sees.
package struct Event: Sendable, Hashable, Codable {
    /// The largest event in bytes; what does not fit lives in the database.
    package static let maximumBytes = 8 << 10
    /// The most bytes of the envelope without the details.
    private static let envelopeBytes = 1536
    /// The most bytes of the details.
    package static let maximumDetailsBytes = maximumBytes - envelopeBytes

    /// A UUID of version 7; also the message's `Nats-Msg-Id`.
    package var eventID: String
    /// Counts from 1 per workflow, without gaps.
    package var seq: Int
    package var workflowID: String
    package var companyID: String
    package var projectID: String
    package var taskID: String
    package var notificationType: EventType
    package var message: String
    package var details: JSONValue
    package var timestamp: Date

    package init(
        eventID: String = UUID.v7().text, seq: Int, workflowID: String, address: TaskAddress, type: EventType,
        message: String, details: JSONValue, timestamp: Date = Date()
    ) {
        self.eventID = eventID
        self.seq = seq
        self.workflowID = workflowID
        self.companyID = address.company.text
        self.projectID = address.project.text
        self.taskID = address.task.text
        self.notificationType = type
        self.message = message
        self.details = details
        self.timestamp = timestamp
    }

    private enum CodingKeys: String, CodingKey {
        case seq, message, details, timestamp
        case eventID = "event_id"
        case workflowID = "workflow_id"
        case companyID = "company_id"
        case projectID = "project_id"
        case taskID = "task_id"
        case notificationType = "notification_type"
    }
}

/// An event before the store gave it its place: a type, a line for people, and the details.
///
/// Line and details are cut so that the event stays within ``Event/maximumBytes``.
package struct EventDraft: Sendable, Hashable {
    package var type: EventType
    package var message: String
    package var details: JSONValue

    package init(type: EventType, message: String, details: JSONValue) {
        self.type = type
        self.message = message.line(400)
        self.details = details.fitting(Event.maximumDetailsBytes)
    }

    package init(_ details: some EventDetails) throws {
        self.init(
            type: Swift.type(of: details).type, message: details.message, details: try JSONValue(encoding: details))
    }
}
