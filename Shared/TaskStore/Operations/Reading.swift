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
        let select: SQL = """
            select \(WorkflowRecord.columns), \(OpenRun.columns(taking: wants)),
                (select p.task_id from tasks p where p.workflow_id = t.parent) as parent_task,
                (select jsonb_object_agg(status, count) from (select status, count(*) from tasks c
                    where c.parent = t.workflow_id group by status) by_status) as children_by_status
            from tasks t \(OpenRun.join)
            where t.company_id = \(address.company) and t.project_id = \(address.project) and t.task_id = \(address.task)
            """
        return try await pool.withConnection { try $0.execute(select).first.map(StatusSnapshot.init) }
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

extension StatusSnapshot {
    fileprivate init(_ row: Row) throws {
        let record = try WorkflowRecord(row)
        self.init(
            workflowID: record.workflowID.text, status: record.status, stage: record.stage, round: record.round,
            lastSeq: record.lastSeq, branchName: record.branchName, costUSD: record.usage.costUSD,
            progress: try record.progress(), createdAt: record.createdAt, startedAt: record.startedAt,
            claimedAt: try row.get("claimed_at"), claimedBy: try row.get("claimed_by", as: UUID?.self)?.text,
            waitsFor: try row.get("waits_for"), parent: try row.get("parent_task"),
            children: try row.get("children_by_status", as: JSONValue?.self)?.decode(), finishedAt: record.finishedAt,
            result: try record.resultSoFar())
    }
}

extension WorkflowRecord {
    /// How much of the plan is done, in percent; only what has ended well is done.
    fileprivate func progress() throws -> Int {
        if case .ended(let end) = status, end.isSuccess { return 100 }
        guard let steps = try outputs.get(PlanOutput.self)?.plan.steps.count, steps > 0 else { return 0 }
        return min(99, max(0, min(stepsCompleted, steps)) * 100 / steps)
    }
}
