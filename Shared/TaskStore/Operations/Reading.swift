import Contracts
import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// The workflow of an id, `nil` if there is none.
    package func workflow(_ id: UUID) async throws -> WorkflowRecord? {
        try await record(where: "t.workflow_id = \(id)")
    }

    /// The workflow of a task, `nil` if there is none.
    package func workflow(_ address: TaskAddress) async throws -> WorkflowRecord? {
        try await record(
            where: """
                t.company_id = \(address.company) and t.project_id = \(address.project) and t.task_id = \(address.task)
                """)
    }

    private func record(where wanted: SQL) async throws -> WorkflowRecord? {
        try await pool.withConnection { connection in
            try connection.execute("select \(WorkflowRecord.columns) from tasks t where \(wanted)")
                .first.map(WorkflowRecord.init)
        }
    }

    /// Where a workflow is, `nil` if there is none.
    package func snapshot(_ address: TaskAddress) async throws -> StatusSnapshot? {
        try await workflow(address).map { record in
            try StatusSnapshot(
                workflowID: record.workflowID.text, status: record.status, stage: record.stage, round: record.round,
                lastSeq: record.lastSeq, branchName: record.branchName, costUSD: record.usage.costUSD,
                createdAt: record.createdAt, finishedAt: record.finishedAt, result: record.resultSoFar())
        }
    }

    /// Workflows, the newest first.
    package func list(_ filter: TaskFilter = .init()) async throws -> [TaskSummary] {
        var wanted: SQL = "true"
        if let company = filter.company { wanted += " and company_id = \(company)" }
        if let project = filter.project { wanted += " and project_id = \(project)" }
        if !filter.statuses.isEmpty { wanted += " and status = any (\(filter.statuses))" }
        let select: SQL = """
            select \(TaskSummary.columns) from tasks where \(wanted) order by created_at desc limit \(filter.limit)
            """
        return try await pool.withConnection { try $0.execute(select).map(TaskSummary.init) }
    }

    /// What happened in a workflow, the newest first.
    package func activities(_ address: TaskAddress, limit: Int = 100) async throws -> [Activity] {
        let select: SQL = """
            select id, workflow_id, activity_type, message, details, timestamp from task_activities
            where task_id = \(address.task) and company_id = \(address.company) and project_id = \(address.project)
            order by timestamp desc, id desc limit \(limit)
            """
        return try await pool.withConnection { try $0.execute(select).map(Activity.init) }
    }
}
