/// What is to be done: the open step of each task, and why it waits.
package struct QueuePage: Page {
    /// An open step.
    package struct Row: Sendable {
        package var task: TaskName
        package var kind: String
        /// `implementation, round 2`.
        package var stage: String
        package var status: Badge
        package var waits: String?
        /// When it is tried again.
        package var runAt: Moment?
        package var priority: Int
        package var attempts: Int
        package var owner: String?
        package var since: Moment?
        package var error: String?

        package init(
            task: TaskName, kind: String, stage: String, status: Badge, waits: String? = nil, runAt: Moment? = nil,
            priority: Int, attempts: Int, owner: String? = nil, since: Moment? = nil, error: String? = nil
        ) {
            self.task = task
            self.kind = kind
            self.stage = stage
            self.status = status
            self.waits = waits
            self.runAt = runAt
            self.priority = priority
            self.attempts = attempts
            self.owner = owner
            self.since = since
            self.error = error
        }
    }

    package static let template = "queue"
    package static let section: Section? = .queue
    package let title = "Queue"
    package var summary: QueueSummary
    package var kinds: [Choice]
    package var statuses: [Choice]
    package var rows: [Row]
    package var pager: Pager

    package init(summary: QueueSummary, kinds: [Choice], statuses: [Choice], rows: [Row], pager: Pager) {
        self.summary = summary
        self.kinds = kinds
        self.statuses = statuses
        self.rows = rows
        self.pager = pager
    }
}
