import FoundationEssentials

/// A company, or the platform, has come to rest: what ran has ended its step, and the report is written. `resume` goes on.
///
/// It is told on the subject `{company}.-.-` or `-.-.-`. Its `workflow_id` is the id of the pause, its `seq` always 1.
package struct CheckpointReached: EventDetails {
    package static let type = EventType.checkpointReached

    package var reportID: String
    /// Who or what asked for it; the schedule is `schedule`.
    package var actor: String
    /// What the report is about: from when on.
    package var since: Date
    package var tasksEnded: Int
    package var tasksSucceeded: Int
    package var costUSD: Double

    package init(
        reportID: String, actor: String, since: Date, tasksEnded: Int, tasksSucceeded: Int, costUSD: Double
    ) {
        self.reportID = reportID
        self.actor = actor
        self.since = since
        self.tasksEnded = tasksEnded
        self.tasksSucceeded = tasksSucceeded
        self.costUSD = costUSD
    }

    package var message: String {
        "Checkpoint reached: \(tasksSucceeded) of \(tasksEnded) tasks ended with success; resume to go on"
    }

    private enum CodingKeys: String, CodingKey {
        case actor, since
        case reportID = "report_id"
        case tasksEnded = "tasks_ended"
        case tasksSucceeded = "tasks_succeeded"
        case costUSD = "cost_usd"
    }
}
