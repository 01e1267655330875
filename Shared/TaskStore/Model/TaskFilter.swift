import Contracts

/// Which workflows to list.
package struct TaskFilter: Sendable {
    package var company: String?
    package var project: String?
    /// Empty takes all.
    package var statuses: [TaskStatus]
    package var limit: Int

    package init(company: String? = nil, project: String? = nil, statuses: [TaskStatus] = [], limit: Int = 50) {
        self.company = company
        self.project = project
        self.statuses = statuses
        self.limit = limit
    }

    /// Workflows that failed for a reason that a person can mend, to be retried: the dead letters.
    package static func deadLetters(limit: Int = 50) -> TaskFilter {
        let statuses: [TerminalStatus] = [
            .internalError, .modelUnavailable, .repositoryUnavailable, .pushRejected, .stuck, .timedOut,
        ]
        return TaskFilter(statuses: statuses.map(TaskStatus.ended), limit: limit)
    }
}
