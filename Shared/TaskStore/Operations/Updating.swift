import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

extension TaskStore {
    /// What becomes of a submission whose task is there already, and who has to look again once that has committed.
    func meet(
        _ submission: Submission, _ first: Flow.Step, _ dependencies: Dependencies, on connection: Connection
    ) throws -> (SubmissionOutcome, Set<UUID>) {
        let address = submission.request.task.address
        // Who changes it reads it once nobody else does.
        let workflow = submission.updates ? try LockedWorkflow(address, on: connection) : nil
        let rows = try connection.execute(
            """
            select workflow_id, content_hash from tasks where company_id = \(address.company)
                and project_id = \(address.project) and task_id = \(address.task)
            """)
        guard let row = rows.first else { throw StoreError.unknownWorkflow }
        let workflowID: UUID = try row.get("workflow_id")
        if submission.contentHashes.contains(try row.get("content_hash")) {
            return (.duplicate(workflowID: workflowID), [])
        }
        guard let workflow, workflow.waitsToBegin(with: first) else {
            return (.conflict(workflowID: workflowID), [])
        }
        let effects = try update(workflow, by: submission, dependencies, on: connection)
        return (.updated(workflowID: workflowID, effects.messages), effects.told)
    }

    /// Gives a task that waits to begin what another submission asks for. It stays the same workflow, with its age and
    /// its events.
    ///
    /// Its run is held until it has looked at what it depends on now, in a transaction of its own: a claim that read the
    /// task before and comes to lock it passes it by, and does not begin it with a part of what was asked for before.
    private func update(
        _ workflow: LockedWorkflow, by submission: Submission, _ dependencies: Dependencies, on connection: Connection
    ) throws -> Effects {
        try forgetRequest(of: workflow.id, on: connection)
        try dependencies.record(for: workflow.id)
        let task = submission.request.task
        var write = WorkflowWrite(workflow, subjects: subjects)
        try write.replaceRequest(by: submission)
        write.tell(
            .progress, "The task was changed before it began",
            ["title": .string(task.title), "priority": .int(task.priority)])
        try write.reopen(
            as: .held,
            and: """
                rank = (select t.created_at from tasks t where t.workflow_id = r.workflow_id)
                    + \(task.priority) * interval '10 minutes'
                """)
        return Effects(
            messages: try write.execute(on: connection), told: try Notice.lookAgain(workflow.id, on: connection))
    }

    private func forgetRequest(of workflowID: UUID, on connection: Connection) throws {
        try connection.execute(
            """
            with tags as (delete from task_tags where workflow_id = \(workflowID)),
                seal as (delete from sealed_credentials where workflow_id = \(workflowID))
            delete from dependencies where workflow_id = \(workflowID)
            """)
    }
}

extension WorkflowWrite {
    /// Sets what is asked for; what of it stands in other tables has to be gone.
    fileprivate mutating func replaceRequest(by submission: Submission) throws {
        var request = submission.request
        let seal = request.repository.credentials.takeSeal()
        let flow = try JSONValue(encoding: submission.flow)
        set(
            "request = \(request.json.storable)", "flow = \(flow)", "content_hash = \(submission.contentHash)",
            "priority = \(request.task.priority)", "max_cost_usd = \(nullable: request.agent.maxCostUSD)::numeric",
            "timeout_seconds = \(submission.timeoutSeconds)",
            // Of a task that is paused the clock stands still since.
            "deadline_at = coalesce(t.paused_at, now()) + \(Duration.seconds(submission.timeoutSeconds))")
        add(
            "tags",
            """
            insert into task_tags (workflow_id, tag, company_id, project_id, created_at)
            select t.workflow_id, tag, t.company_id, t.project_id, t.created_at
            from tasks t, unnest(\(request.task.findableTags)::text[]) tag where t.workflow_id = \(workflow.id)
            """)
        if let seal {
            add("seal", "insert into sealed_credentials (workflow_id, sealed) values (\(workflow.id), \(seal))")
        }
    }
}

extension LockedWorkflow {
    /// Whether no replica ever held its first run, and nobody has ended it.
    fileprivate func waitsToBegin(with first: Flow.Step) -> Bool {
        let isOpen = progress.status == .queued || progress.status == .paused
        return isOpen && parent == nil && generation == 0 && progress.epoch == 0 && (run == .held || run == .ready)
            && progress.stage == first.name && kind == first.kind
    }
}
