import Contracts
import Database
import Foundations

extension TaskStore {
    /// Emits events and sets what the stage found; the run goes on.
    package func emit(
        _ claim: Claim, _ events: [EventDraft], changes: WorkflowChanges = .init()
    ) async throws -> [OutboxMessage] {
        try await pool.transaction { connection in
            var write = WorkflowWrite(try LockedWorkflow(of: claim, on: connection), subjects: subjects)
            try write.apply(changes)
            try write.emit(events)
            return try write.execute(on: connection)
        }
    }

    /// Finishes the run; the run of stage `next` is ready. From validation back to implementation the round rises.
    ///
    /// A cancellation or pause that was asked for meanwhile takes effect here.
    package func advance(
        _ claim: Claim, to next: Stage, changes: WorkflowChanges = .init(), events: [EventDraft] = []
    ) async throws -> [OutboxMessage] {
        try await finish(claim, changes: changes, events: events) { workflow, _, write in
            let advanced = Lifecycle.Transition.advance(to: next, epoch: claim.epoch)
            guard workflow.pauseRequested else {
                return try write.advance(from: claim.key, to: workflow.applying(advanced))
            }
            try write.advance(from: claim.key, to: workflow.applying(advanced, .pause))
            try write.notePause(in: next)
        }
    }

    /// Finishes the run; the run of stage `next` waits until a person approves or rejects.
    package func awaitApproval(
        _ claim: Claim, of next: Stage, changes: WorkflowChanges = .init(), events: [EventDraft] = []
    ) async throws -> [OutboxMessage] {
        try await finish(claim, changes: changes, events: events) { workflow, _, write in
            let transition = Lifecycle.Transition.awaitApproval(of: next, epoch: claim.epoch)
            try write.advance(from: claim.key, to: workflow.applying(transition))
            write.set("approved_at = null")
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
        try await finish(claim) { workflow, _, write in
            try Self.giveBack(workflow, epoch: claim.epoch, after: delay, error: error, counts: counts, in: &write)
        }
    }

    /// Puts the current run back into the queue, or holds it if a pause was asked for.
    static func giveBack(
        _ workflow: LockedWorkflow, epoch: Int, after delay: Duration, error: String?, counts: Bool = true,
        in write: inout WorkflowWrite
    ) throws {
        let uncount: SQL = "attempts = greatest(attempts - 1, 0)"
        let failed: SQL? = error.map { "last_error = \($0.storable)" }
        let note: SQL = failed.map { counts ? $0 : "\($0), \(uncount)" } ?? uncount
        if let error { write.noteFailure(of: workflow.lifecycle.stage, error, retryAfter: delay) }
        guard workflow.pauseRequested else {
            write.set(try workflow.applying(.release(epoch: epoch)))
            return try write.reopen(workflow.key, as: .ready, delay: delay, and: note)
        }
        write.set(try workflow.applying(.release(epoch: epoch), .pause))
        try write.reopen(workflow.key, as: .held, and: note)
        try write.notePause(in: workflow.lifecycle.stage)
    }

    /// A call that ends the ownership of a run. If a cancellation was asked for, the workflow ends instead.
    func finish(
        _ claim: Claim, changes: WorkflowChanges = .init(), events: [EventDraft] = [],
        _ body: @escaping @Sendable (LockedWorkflow, Connection, inout WorkflowWrite) throws -> Void
    ) async throws -> [OutboxMessage] {
        try await pool.transaction { connection in
            let workflow = try LockedWorkflow(of: claim, on: connection)
            guard !workflow.cancelRequested else {
                return try end(
                    workflow, as: .cancelled, epoch: claim.epoch, changes: changes, events: events, on: connection)
            }
            var write = WorkflowWrite(workflow, subjects: subjects)
            try write.apply(changes)
            try write.emit(events)
            try body(workflow, connection, &write)
            return try write.execute(on: connection)
        }
    }
}

extension WorkflowWrite {
    /// The clock of the time limit stops.
    mutating func notePause(in stage: Stage) throws {
        set("paused_at = now()")
        try emit([EventDraft(WorkflowPaused(stage: stage.rawValue))])
    }

    fileprivate mutating func noteFailure(of stage: Stage, _ error: String, retryAfter delay: Duration) {
        tell(
            .error, "The \(stage.rawValue) stage failed and is tried again: \(error.clipped(500))",
            ["stage": .string(stage.rawValue), "error": .string(error), "retry_after_ms": .int(delay.milliseconds)])
    }
}
