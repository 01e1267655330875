import Contracts
import Database
import Flows

/// One control request on a locked workflow.
struct ControlAction {
    let store: TaskStore
    let workflow: LockedWorkflow
    /// Who asks, where that is known.
    let actor: String?
    let connection: Connection

    private var status: TaskStatus { workflow.progress.status }
    private var isLeased: Bool { workflow.run == .leased }

    func perform(_ request: ControlRequest) throws -> Effects {
        switch request {
        case .cancel: try cancel()
        case .pause: try pause()
        case .resume: try resume()
        case .steer(let message): try steer(message)
        case .approve: try approve()
        case .reject: try reject()
        case .raiseBudget(let limit): try raiseBudget(to: limit)
        case .retry: try retry()
        case .replayWebhook(let id): try replayWebhook(id)
        }
    }

    /// At once where nobody holds a lease; else the owner is told.
    private func cancel() throws -> Effects {
        if status == .ended(.cancelled) { return try unchanged() }
        guard isLeased else { return try store.end(workflow, as: .cancelled, on: connection) }
        return try write { $0.set("cancel_requested = true") }
    }

    private func pause() throws -> Effects {
        if status == .paused { return try unchanged() }
        // The owner fell silent before it followed the cancellation.
        if workflow.cancelRequested, !isLeased { return try cancel() }
        let paused = try workflow.applying(.pause)
        if isLeased {
            return try write { $0.set("pause_requested = true", "pause_requested_by = \(nullable: actor?.storable)") }
        }
        return try write { write in
            write.set(paused)
            if workflow.run != .held { try write.reopen(as: .held) }
            try write.notePause(in: workflow.progress.stage, by: actor)
        }
    }

    private func resume() throws -> Effects {
        if isLeased, workflow.pauseRequested { return try write { $0.set("pause_requested = false") } }
        if status == .queued || status == .running { return try unchanged() }
        let resumed = try workflow.applying(.resume)
        let isReady = try Dependencies(of: workflow, on: connection).state() == .satisfied
        return try write { write in
            write.set(resumed)
            write.set(
                "deadline_at = deadline_at + (now() - paused_at)", "paused_at = null",
                "paused_seconds = paused_seconds + extract(epoch from now() - paused_at)")
            try write.emit([EventDraft(WorkflowResumed(stage: workflow.progress.stage.rawValue, actor: actor))])
            if isReady { try write.reopen(as: .ready) }
        }
    }

    /// The same message twice before the model saw it is one message.
    private func steer(_ message: String) throws -> Effects {
        if case .ended(let ended) = status { throw StoreError.alreadyEnded(ended) }
        return try write { write in
            write.add(
                "message",
                """
                insert into steering (workflow_id, message)
                select \(workflow.id)::uuid, \(message.storable)::text where not exists (
                    select from steering where workflow_id = \(workflow.id) and message = \(message.storable)
                        and taken_at is null)
                """)
        }
    }

    private func approve() throws -> Effects {
        if status != .awaitingApproval, !status.isTerminal, workflow.wasApproved { return try unchanged() }
        let approved = try workflow.applying(.approve)
        return try write { write in
            write.set(approved)
            write.set("approved_at = now()")
            try write.reopen(as: .ready)
        }
    }

    private func reject() throws -> Effects {
        if status == .ended(.rejected) { return try unchanged() }
        if case .ended(let ended) = status { throw StoreError.alreadyEnded(ended) }
        guard status == .awaitingApproval else { throw StoreError.notPossible(from: status.rawValue) }
        return try store.end(
            workflow, as: .rejected, error: "the \(workflow.progress.stage.rawValue) stage was rejected",
            on: connection)
    }

    /// Also for a workflow that failed, so that it can be retried with a larger budget.
    private func raiseBudget(to limit: Double) throws -> Effects {
        if case .ended(let ended) = status, ended.isSuccess { throw StoreError.alreadyEnded(ended) }
        guard let current = workflow.maxCostUSD else { throw StoreError.budgetNotRaised(current: nil) }
        guard limit >= current else { throw StoreError.budgetNotRaised(current: current) }
        return try write { $0.set("max_cost_usd = \(limit)::numeric") }
    }

    /// A new generation of the run that failed, with an empty journal and a full time limit. What nobody approved
    /// waits for approval again.
    private func retry() throws -> Effects {
        if !status.isTerminal, workflow.generation > 0 { return try unchanged() }
        let retried = try workflow.applying(.retry)
        guard !workflow.hasLostWork else { throw StoreError.workRemoved }
        guard try workflow.parent == nil || !workflow.parentHasEnded(on: connection) else {
            throw StoreError.notPossible(from: "part of a workflow that has ended")
        }
        let again = NewRun(
            workflowID: workflow.id, stage: retried.stage, kind: workflow.kind, round: retried.round,
            generation: workflow.generation + 1)
        let dependencies = try Dependencies(of: workflow, on: connection).state()
        if case .failed(let reason) = dependencies { throw StoreError.dependencyFailed(reason) }
        let isReady = dependencies == .satisfied && retried.status == .queued
        var effects = try write { write in
            write.set(retried)
            write.set(
                "generation = \(again.generation)", "result = null", "finished_at = null", "error_message = null",
                // Another task may have claimed the branch meanwhile; then the remote decides.
                "work_removed_at = null", "branch_claim = null")
            write.countFromNow()
            write.add("again", again.insert(as: isReady ? .ready : .held, epoch: workflow.progress.epoch))
            try write.emit([EventDraft(WorkflowResumed(stage: retried.stage.rawValue, actor: actor))])
            if retried.status == .awaitingApproval {
                try write.ask(
                    for: workflow.flow().approval(before: retried.stage) ?? retried.stage.rawValue,
                    about: "It was rejected before, and is to be decided again.")
            }
            if isReady { try write.announce(workflow.kind, at: retried) }
        }
        // Who never started is told of with the first claim.
        if workflow.progress.epoch > 0 {
            effects.told.formUnion(try Notice.tellParent(of: workflow, .started, retried.status, on: connection))
        }
        if dependencies == .open || workflow.parent != nil {
            effects.told.formUnion(try Notice.lookAgain(workflow.id, on: connection))
        }
        return effects
    }

    private func replayWebhook(_ id: String) throws -> Effects {
        guard try connection.execute(TaskStore.replayWebhook(id, of: workflow.id)).affected == 1 else {
            throw StoreError.unknownWebhook
        }
        return Effects(messages: try unchanged().messages)
    }

    private func write(_ body: (inout WorkflowWrite) throws -> Void) throws -> Effects {
        var write = WorkflowWrite(workflow, subjects: store.subjects)
        try body(&write)
        return Effects(messages: try write.execute(on: connection))
    }

    /// What was asked for was so before.
    private func unchanged() throws -> Effects {
        var effects = try write { _ in }
        effects.isChange = false
        return effects
    }
}
