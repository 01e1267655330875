import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Has children of a claim's workflow recorded, in waves, and leaves the run to wait for them. What was recorded before
    /// stays as it is: a step that is run again spawns the same.
    ///
    /// Throws ``StoreError/invalidChildren(_:)`` and ``StoreError/childNameTaken(_:)``; of these children none is recorded
    /// then, but where a name was taken meanwhile.
    package func spawn(_ claim: Claim, _ children: [ChildTask]) async throws -> [OutboxMessage] {
        if let fault = ChildTask.fault(in: children) { throw StoreError.invalidChildren(fault) }
        let sorted = children.sorted { $0.id.text < $1.id.text }
        try await pool.withConnection { connection in
            for child in sorted { _ = try isRecorded(child, of: claim.key.workflowID, on: connection) }
        }
        var messages: [OutboxMessage] = []
        for first in stride(from: 0, to: sorted.count, by: Self.wave) {
            let wave = Array(sorted[first..<min(first + Self.wave, sorted.count)])
            messages += try await change { try record(wave, of: LockedWorkflow(of: claim, on: $0), on: $0) }
        }
        return (messages + (try await wait(claim))).once
    }

    /// Leaves the run until a child of the workflow ends, or until `time`: its step is claimed again then. Meanwhile it
    /// needs no owner and no place.
    ///
    /// Throws ``StoreError/nothingToWaitFor`` where nothing would end the waiting.
    package func wait(_ claim: Claim, until time: Date? = nil) async throws -> [OutboxMessage] {
        try await leave(claim) { workflow, connection in
            var write = WorkflowWrite(workflow, subjects: subjects)
            if workflow.pauseRequested {
                try write.giveBack(epoch: claim.epoch, after: .zero, error: nil)
            } else {
                guard try workflow.wasTold || time != nil || workflow.hasOpenChildren(on: connection) else {
                    throw StoreError.nothingToWaitFor
                }
                write.set(try workflow.applying(.wait(epoch: claim.epoch)))
                try write.reopen(
                    as: workflow.wasTold ? .ready : .held, wakesAt: workflow.wasTold ? nil : time, and: "attempts = 0")
            }
            return Effects(messages: try write.execute(on: connection))
        }
    }

    /// Has those go on whose time has come. Returns the messages to publish.
    package func wakeWaiting(limit: Int = 100) async throws -> [OutboxMessage] {
        let candidates: SQL = """
            select workflow_id from stage_runs r
            where state = 'held' and \(RunSlot.isStep()) and wakes_at <= now() order by wakes_at limit \(limit)
            """
        return try await forEach(candidates) { workflow, connection in
            var write = WorkflowWrite(workflow, subjects: subjects)
            try write.wake()
            return Effects(messages: try write.execute(on: connection))
        }
    }

    /// The children of a workflow by their keys.
    package func children(of parent: UUID) async throws -> [ChildState] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select child_key, task_id, status, error_message from tasks where parent = \(parent) order by child_key
                """
            ).map { row in
                ChildState(
                    key: try row.get("child_key"), taskID: try row.get("task_id"), status: try row.get("status"),
                    errorMessage: try row.get("error_message"))
            }
        }
    }

    /// Records those of a wave that are not there, while their parent is locked: a parent that has ended, or is another
    /// owner's, gets none.
    func record(_ wave: [ChildTask], of parent: LockedWorkflow, on connection: Connection) throws -> Effects {
        guard !parent.cancelRequested else { return Effects() }
        let request = try parent.firstRequest(on: connection)
        var effects = Effects()
        for child in wave where try !isRecorded(child, of: parent.id, on: connection) {
            var submission = Submission(
                request: child.request, contentHash: "child of \(parent.id.text)", flow: child.flow,
                traceID: parent.traceID)
            submission.ancestry = Ancestry(child.key, of: parent, request)
            let (outcome, told) = try record(submission, on: connection)
            guard case .accepted(_, let messages) = outcome else { throw StoreError.childNameTaken(child.key) }
            effects.messages += messages
            effects.told.formUnion(told)
        }
        try connection.execute(
            """
            update tasks set children = (select count(*) from tasks child where child.parent = \(parent.id))
            where workflow_id = \(parent.id)
            """)
        return effects
    }

    /// Throws ``StoreError/childNameTaken(_:)`` if another task has its name.
    private func isRecorded(_ child: ChildTask, of parent: UUID, on connection: Connection) throws -> Bool {
        let address = child.request.task.address
        let rows = try connection.execute(
            """
            select parent is not distinct from \(parent)::uuid and child_key = \(child.key) as is_it from tasks
            where company_id = \(address.company) and project_id = \(address.project) and task_id = \(address.task)
            """)
        guard let row = rows.first else { return false }
        guard try row.get("is_it", as: Bool?.self) == true else { throw StoreError.childNameTaken(child.key) }
        return true
    }
}

extension LockedWorkflow {
    /// Whether an end of a child is still to come, or to be taken in.
    fileprivate func hasOpenChildren(on connection: Connection) throws -> Bool {
        try connection.execute(
            """
            select exists (select from tasks where parent = \(id) and finished_at is null)
                or exists (select from notices where workflow_id = \(id) and kind = \(Notice.Kind.ended)) as value
            """
        ).first?.get("value") ?? false
    }

    /// Of a child: whether its parent has ended, by what is committed.
    func parentHasEnded(on connection: Connection) throws -> Bool {
        guard let parent else { return false }
        let rows = try connection.execute("select from tasks where workflow_id = \(parent) and finished_at is null")
        return rows.isEmpty
    }

    /// The request that the ones of children differ from.
    fileprivate func firstRequest(on connection: Connection) throws -> JSONValue {
        let first = ancestors.first ?? id
        let rows = try connection.execute("select request from tasks where workflow_id = \(first)")
        guard let row = rows.first else { throw StoreError.unknownWorkflow }
        return try row.get("request")
    }
}

extension WorkflowWrite {
    /// Has a step that waits claimed again; one that is claimed just now does not begin to wait.
    mutating func wake() throws {
        switch workflow.run {
        case .held where workflow.progress.isWaiting: try reopen(as: .ready)
        case .leased, .expired:
            add("told_in", "update stage_runs r set told_in = r.epoch where \(workflow.key.matches)")
        default: break
        }
    }
}
