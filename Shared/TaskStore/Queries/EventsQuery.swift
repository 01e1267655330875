import Contracts
import Database

extension QueryList {
    /// The events of a task as they were published, for a subscriber that came late. Those of a task whose history was
    /// removed are gone.
    static let events = QueryList(
        what: "events", scopes: [.task],
        columns: """
            a.id as event_id, a.seq, a.workflow_id, a.company_id, a.project_id, a.task_id, a.notification_type,
            a.message, a.details, a.emitted_at as timestamp
            """,
        source: "task_activities a",
        place: { $0.holds(company: "a.company_id", project: "a.project_id", workflow: "a.workflow_id") },
        parts: ["a.seq is not null"], order: [.integer("a.seq")], filters: [.sinceEvent("a.seq")])
}
