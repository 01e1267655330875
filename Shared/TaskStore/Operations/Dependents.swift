import Contracts
import Database
import Flows
import FoundationEssentials

extension TaskStore {
    /// Lets the tasks go on that waited for a task, or ends them as `skipped` if it failed; to any depth.
    ///
    /// The order of locks is from a dependency to its dependents, and dependencies have no cycles.
    func settleDependents(
        of address: TaskAddress, endedAs status: TerminalStatus, on connection: Connection
    ) throws -> [OutboxMessage] {
        let waiting = try connection.execute(
            """
            select d.workflow_id from dependencies d join tasks t using (workflow_id)
            where d.company_id = \(address.company) and d.project_id = \(address.project)
                and d.depends_on = \(address.task) and t.finished_at is null
            order by d.workflow_id
            """)
        return try waiting.flatMap { row in
            let id: UUID = try row.get("workflow_id")
            guard let workflow = try LockedWorkflow(id, on: connection), try workflow.isHeld() else {
                return [OutboxMessage]()
            }
            guard status.isSuccess else {
                return try end(
                    workflow, as: .skipped, error: Dependencies.reason(address.task, status), on: connection)
            }
            return try start(workflow, on: connection)
        }
    }

    /// Lets a task start if all it waits for has completed. Its time limit counts from here.
    private func start(_ workflow: LockedWorkflow, on connection: Connection) throws -> [OutboxMessage] {
        guard workflow.progress.status == .queued,
            try Dependencies(of: workflow, on: connection).state(locked: false) == .satisfied
        else { return [] }
        var write = WorkflowWrite(workflow, subjects: subjects)
        write.set("deadline_at = now() + timeout_seconds * interval '1 second'")
        try write.reopen(as: .ready)
        return try write.execute(on: connection)
    }
}

extension LockedWorkflow {
    /// Whether it waits for other tasks, paused or not.
    fileprivate func isHeld() throws -> Bool {
        guard run == .held, progress.status == .queued || progress.status == .paused else { return false }
        return try flow().first?.name == progress.stage
    }
}
