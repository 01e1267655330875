import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Records a task: its workflow, its first run, `workflow_started` and the run's trigger.
    ///
    /// Safe against the same task being submitted at the same time: one is accepted, the others see it. A task waits
    /// for those it depends on; if one of them has failed already, it ends as `skipped`. A trial is taken back.
    package func submit(_ submission: Submission) async throws -> SubmissionOutcome {
        guard !submission.request.repository.credentials.arePlain else { throw StoreError.plainCredentials }
        let outcome: SubmissionOutcome
        let told: Set<UUID>
        do {
            (outcome, told) = try await pool.transaction { connection in
                let waiting = try WaitingTasks(beside: submission, on: connection)
                let recorded = try record(submission, on: connection)
                if case .accepted = recorded.0 { try waiting?.check() }
                if submission.isTrial { throw Trial(outcome: recorded.0.withoutMessages) }
                return recorded
            }
        } catch is WaitingTasks.TooMany {
            return .tooManyWaiting
        } catch let trial as Trial {
            return trial.outcome
        }
        switch outcome {
        case .accepted(let id, let messages):
            return .accepted(workflowID: id, (messages + (await settle(told))).once)
        case .updated(let id, let messages):
            return .updated(workflowID: id, (messages + (await settle(told))).once)
        case .duplicate, .conflict, .cycle, .tooManyWaiting: return outcome
        }
    }

    /// Takes back what a trial did, and carries out what came of it.
    private struct Trial: Error { let outcome: SubmissionOutcome }

    /// The workflow of a task that was recorded with one of these contents; `nil` if none was.
    package func recorded(_ address: TaskAddress, as contentHashes: [String]) async throws -> UUID? {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select workflow_id from tasks where company_id = \(address.company) and project_id = \(address.project)
                    and task_id = \(address.task) and content_hash = any (\(contentHashes))
                """
            ).first?.get("workflow_id")
        }
    }

    /// The outcome, and who has to look again once it has committed.
    func record(_ submission: Submission, on connection: Connection) throws -> (SubmissionOutcome, Set<UUID>) {
        guard let first = submission.flow.first else { throw StoreError.noFlow }
        let task = submission.request.task
        let dependencies = Dependencies(of: task, on: connection)
        // Children depend on each other alone, and were looked at together.
        if submission.ancestry == nil, let cycle = try dependencies.lockAndFindCycle() { return (.cycle(cycle), []) }
        guard try insert(submission, first, on: connection) else {
            return try meet(submission, first, dependencies, on: connection)
        }
        try dependencies.record(for: submission.workflowID)
        let effects = try start(submission, first, after: dependencies, on: connection)
        return (.accepted(workflowID: submission.workflowID, effects.messages), effects.told)
    }

    private func insert(_ submission: Submission, _ first: Flow.Step, on connection: Connection) throws -> Bool {
        var request = submission.request
        let task = request.task
        let seal = request.repository.credentials.takeSeal()
        let flow = try JSONValue(encoding: submission.flow)
        let ancestry = submission.ancestry
        let json = try ancestry?.difference(request.json.storable) ?? request.json.storable
        let insert: SQL = """
            with task as (
                insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, flow, content_hash,
                    priority, status, stage, max_cost_usd, timeout_seconds, deadline_at,
                    parent, child_key, ancestors, rested_before)
                values (\(submission.workflowID), \(task.address.company), \(task.address.project), \(task.address.task),
                    \(submission.trace), \(json), \(flow), \(submission.contentHash), \(task.priority),
                    \(TaskStatus.queued), \(first.name), \(nullable: request.agent.maxCostUSD)::numeric,
                    \(submission.timeoutSeconds), now() + \(Duration.seconds(submission.timeoutSeconds)),
                    \(nullable: ancestry?.parent), \(nullable: ancestry?.key), \(ancestry?.ancestors ?? [])::uuid[],
                    (select coalesce(sum(paused_seconds), 0) from tasks
                        where workflow_id = any (\(ancestry?.ancestors ?? [])::uuid[])))
                on conflict (company_id, project_id, task_id) do nothing
                returning workflow_id, company_id, project_id, created_at
            ), tags as (
                insert into task_tags (workflow_id, tag, company_id, project_id, created_at)
                select workflow_id, tag, company_id, project_id, created_at
                from task, unnest(\(task.findableTags)::text[]) tag
            ), seal as (
                insert into sealed_credentials (workflow_id, sealed)
                select workflow_id, \(nullable: seal) from task where \(seal != nil && ancestry == nil)
            )
            select from task
            """
        return try connection.execute(insert).count == 1
    }

    private func start(
        _ submission: Submission, _ first: Flow.Step, after dependencies: Dependencies, on connection: Connection
    ) throws -> Effects {
        let state = try dependencies.state()
        let isReady = state == .satisfied
        let run = NewRun(
            workflowID: submission.workflowID, stage: first.name, kind: first.kind, round: 0, generation: 0)
        try connection.execute(run.insert(as: isReady ? .ready : .held))
        guard let workflow = try LockedWorkflow(submission.workflowID, on: connection) else {
            throw StoreError.unknownWorkflow
        }
        let task = submission.request.task
        var write = WorkflowWrite(workflow, subjects: subjects)
        try write.emit([EventDraft(WorkflowStarted(title: task.title, priority: task.priority))])
        if isReady { try write.announce(first.kind, at: workflow.progress) }
        let messages = try write.execute(on: connection)
        if case .failed(let reason) = state {
            return try end(submission.workflowID, as: .skipped, error: reason, on: connection)
        }
        return Effects(
            messages: messages, told: isReady ? [] : try Notice.lookAgain(workflow.id, on: connection))
    }
}

extension TaskSettings {
    /// The tags by which the task is found, each once.
    var findableTags: [String] {
        Set(tags).filter { $0.utf8.count <= QueryFilter.longestText }.sorted()
    }
}
