import Contracts
import Database
import FoundationEssentials
import Foundations

/// An event with its place, as the outbox and `task_activities` keep it.
struct StoredEvent {
    let id = UUID.v7()
    let event: Event
    private let workflowID: UUID
    private let address: TaskAddress
    private let payload: String

    init(_ draft: EventDraft, seq: Int, workflowID: UUID, address: TaskAddress) throws {
        self.workflowID = workflowID
        self.address = address
        event = Event(
            eventID: id.text, seq: seq, workflowID: workflowID.text, address: address, type: draft.type,
            message: draft.message.storable, details: draft.details.storable, timestamp: Timestamp.now())
        payload = String(decoding: try JSON.encode(event), as: UTF8.self)
    }

    static let insertActivities: SQL = """
        insert into task_activities
            (id, task_id, workflow_id, company_id, project_id, activity_type, message, details, seq, notification_type,
             emitted_at) values
        """

    /// The row of the outbox, for ``OutboxMessage/insert``.
    func outboxRow(_ subjects: SubjectScheme, traceID: String) -> SQL {
        """
        (\(id), \(workflowID), \(event.seq), \(subjects.subject(address, event.notificationType)),
         \(TraceContext.headers(traceID: traceID, spanOf: id)), \(payload))
        """
    }

    /// The row of `task_activities`.
    var activityRow: SQL {
        """
        (\(id), \(address.task), \(workflowID), \(address.company), \(address.project),
         \(ActivityType(event.notificationType)), \(event.message), \(event.details), \(event.seq),
         \(event.notificationType), \(event.timestamp))
        """
    }

    /// The statement that keeps a discovery, if the event is one.
    func discovery() throws -> SQL? {
        guard event.notificationType == .discoveryRecorded else { return nil }
        let discovery: DiscoveryRecorded = try event.details.decode()
        return """
            insert into discoveries (id, workflow_id, company_id, project_id, content, tags) values
            (\(id), \(workflowID), \(address.company), \(address.project), \(discovery.content), \(discovery.tags))
            """
    }
}
