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
    ///
    /// - Parameter withSeal: With its sealed credentials, which only planner and pusher may read.
    package func workflow(_ address: TaskAddress, withSeal: Bool = false) async throws -> WorkflowRecord? {
        try await record(
            where: """
                t.company_id = \(address.company) and t.project_id = \(address.project) and t.task_id = \(address.task)
                """, withSeal: withSeal)
    }

    private func record(where wanted: SQL, withSeal: Bool = false) async throws -> WorkflowRecord? {
        let columns = withSeal ? WorkflowRecord.columnsWithSeal : WorkflowRecord.columns
        return try await pool.withConnection { connection in
            try connection.execute("select \(columns) from tasks t where \(wanted)").first.map(WorkflowRecord.init)
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
        try await pool.withConnection { try $0.execute(filter.select).map(TaskSummary.init) }
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
