import Contracts
import Database
import Flows
import Foundations

extension TaskStore {
    /// Emits events and sets what the stage found; the run goes on.
    package func emit(
        _ claim: Claim, _ events: [EventDraft], changes: WorkflowChanges = .init()
    ) async throws -> [OutboxMessage] {
        try await pool.transaction { connection in
            var write = WorkflowWrite(try LockedWorkflow(of: claim, on: connection), subjects: subjects)
            write.apply(changes)
            try write.emit(events)
            return try write.execute(on: connection)
        }
    }

    /// Gives the run back, to be claimed again after `delay`.
    ///
    /// - Parameters:
    ///   - error: Why it failed. `nil` gives it back undamaged (shutdown, pause): the attempt does not count.
    ///   - counts: Whether the attempt counts although it failed.
    package func release(
        _ claim: Claim, after delay: Duration = .zero, error: String? = nil, counts: Bool = true
    ) async throws -> [OutboxMessage] {
        try await leave(claim) { workflow, connection in
            var write = WorkflowWrite(workflow, subjects: subjects)
            try write.giveBack(epoch: claim.epoch, after: delay, error: error, counts: counts)
            return Effects(messages: try write.execute(on: connection))
        }
    }

    /// A call that ends the ownership of a run, after `records`. If a cancellation was asked for, the workflow ends
    /// instead.
    func leave(
        _ claim: Claim, _ result: StepResult? = nil, after records: [RunRecord] = [],
        _ body: @escaping @Sendable (LockedWorkflow, Connection) throws -> Effects
    ) async throws -> [OutboxMessage] {
        try await change { connection in
            let workflow = try LockedWorkflow(of: claim, on: connection)
            try insert(records, of: claim, on: connection)
            guard !workflow.cancelRequested else {
                return try end(
                    workflow, as: .cancelled, epoch: claim.epoch, output: result?.output,
                    changes: result?.changes ?? .init(), events: result?.events ?? [], on: connection)
            }
            return try body(workflow, connection)
        }
    }
}

extension WorkflowWrite {
    /// Puts the current run back into the queue, or holds it if a pause was asked for.
    mutating func giveBack(epoch: Int, after delay: Duration, error: String?, counts: Bool = true) throws {
        let uncount: SQL = "attempts = greatest(attempts - 1, 0)"
        let failed: SQL? = error.map { "last_error = \($0.storable)" }
        let note: SQL = failed.map { counts ? $0 : "\($0), \(uncount)" } ?? uncount
        let stage = workflow.progress.stage
        if let error {
            noteFailure(of: stage, error, retryAfter: delay)
            keepFailure(error, ended: false)
        }
        guard workflow.pauseRequested else {
            set(try workflow.applying(.release(epoch: epoch)))
            return try reopen(as: .ready, delay: delay, and: note)
        }
        set(try workflow.applying(.release(epoch: epoch), .pause))
        try reopen(as: .held, and: note)
        try notePause(in: stage, by: workflow.pauseRequestedBy)
    }

    /// The clock of the time limit stops.
    mutating func notePause(in stage: Stage, by actor: String?) throws {
        set("paused_at = now()")
        try emit([EventDraft(WorkflowPaused(stage: stage.rawValue, actor: actor))])
    }

    private mutating func noteFailure(of stage: Stage, _ error: String, retryAfter delay: Duration) {
        tell(
            .error, "The \(stage.rawValue) stage failed and is tried again: \(error.clipped(500))",
            ["stage": .string(stage.rawValue), "error": .string(error), "retry_after_ms": .int(delay.milliseconds)])
    }
}
