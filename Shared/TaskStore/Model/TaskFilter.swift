import Contracts
import Database

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

extension TaskFilter {
    /// The statement that lists them, the newest first. Each status is looked up by itself, so that a rare one is not
    /// searched for among all the others.
    var select: SQL {
        var place: SQL = "true"
        if let company { place += " and company_id = \(company)" }
        if let project { place += " and project_id = \(project)" }
        guard !statuses.isEmpty else { return newest(TaskSummary.columns, of: "tasks", where: place) }
        let open = statuses.filter { !$0.isTerminal }
        var wanted: [SQL] = statuses.filter(\.isTerminal).map { status in
            "finished_at is not null and result ->> 'status' = \(status)"
        }
        if !open.isEmpty { wanted.append("finished_at is null and status = any (\(open))") }
        let parts = wanted.map { part -> SQL in
            "(\(newest("*", of: "tasks", where: "\(place) and \(part)")))"
        }
        return newest(TaskSummary.columns, of: "(\(SQL.list(parts, separator: " union all "))) listed", where: "true")
    }

    private func newest(_ columns: SQL, of source: SQL, where wanted: SQL) -> SQL {
        "select \(columns) from \(source) where \(wanted) order by created_at desc limit \(limit)"
    }
}
