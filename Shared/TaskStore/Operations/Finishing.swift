import Contracts
import Database
import Flows
import Foundations

extension TaskStore {
    /// How often a step may have another begin afresh, in a round. While replicas of two versions run beside each other
    /// they may hand a task to and fro.
    package static let freshBeginnings = 5

    /// Finishes the step. What follows its outcome is the flow's to say: another step, which may wait for approval, one that
    /// begins afresh, or the end.
    ///
    /// A cancellation or pause that was asked for meanwhile takes effect here. Throws
    /// ``StoreError/noSuchOutcome(_:of:)`` for an outcome that the flow does not know, and
    /// ``StoreError/begunAfreshTooOften``.
    ///
    /// - Parameter records: What the run did and has not recorded yet, to be recorded with it.
    package func finish(
        _ claim: Claim, with last: StepResult, after records: [RunRecord] = []
    ) async throws -> [OutboxMessage] {
        let result = last.following(records)
        return try await leave(claim, result, after: records) { workflow, connection in
            let flow = try workflow.flow()
            let stage = workflow.progress.stage
            guard let move = flow.next(after: result.outcome, of: stage, round: workflow.progress.round) else {
                throw StoreError.noSuchOutcome(result.outcome, of: stage)
            }
            if case .end(let status) = move {
                return try end(
                    workflow, as: status, epoch: claim.epoch, output: result.output, changes: result.changes,
                    error: status.isSuccess ? nil : result.issue, events: result.events, on: connection)
            }
            var write = WorkflowWrite(workflow, subjects: subjects)
            write.apply(result.changes)
            try write.emit(result.events)
            try write.follow(move, in: flow, result, on: connection)
            return Effects(messages: try write.execute(on: connection))
        }
    }

    /// Leaves the run with what its journal holds, and opens its step as a new generation with an empty journal. The work
    /// stays: the next run goes on from the last checkpoint. What was spent counts.
    ///
    /// Throws ``StoreError/begunAfreshTooOften`` after ``freshBeginnings`` of them.
    package func beginAfresh(_ claim: Claim, because reason: String) async throws -> [OutboxMessage] {
        try await leave(claim) { workflow, connection in
            var write = WorkflowWrite(workflow, subjects: subjects)
            let begun = try workflow.pausedIfAsked(workflow.applying(.beginAfresh(epoch: claim.epoch)))
            try write.beginAfresh(begun, workflow.kind, because: reason, on: connection)
            return Effects(messages: try write.execute(on: connection))
        }
    }
}

extension LockedWorkflow {
    /// A pause that was asked for takes effect, unless a person has to decide first.
    fileprivate func pausedIfAsked(_ progress: Progress) throws -> Progress {
        guard pauseRequested, progress.status == .queued else { return progress }
        do { return try progress.applying(.pause) } catch { throw StoreError(error) }
    }
}

extension WorkflowWrite {
    /// Closes the run, and opens that of the step that follows.
    fileprivate mutating func follow(
        _ move: Flow.Move, in flow: Flow, _ result: StepResult, on connection: Connection
    ) throws {
        let moved = try workflow.applying(.finish(move, epoch: workflow.progress.epoch))
        let progress = try workflow.pausedIfAsked(moved)
        guard let kind = flow[progress.stage]?.kind else { throw StoreError.noFlow }
        if case .afresh = move {
            return try beginAfresh(progress, kind, because: result.issue ?? "", on: connection)
        }
        try open(kind, progress, generation: workflow.generation, closing: .done, output: result.output)
        if case .step(_, _, let approval?) = move { try ask(for: approval, about: result.summary) }
    }

    /// Opens a step as a new generation.
    fileprivate mutating func beginAfresh(
        _ progress: Progress, _ kind: StepKind, because reason: String, on connection: Connection
    ) throws {
        guard try Self.beginnings(of: workflow.key, on: connection) < TaskStore.freshBeginnings else {
            throw StoreError.begunAfreshTooOften
        }
        let generation = workflow.generation + 1
        set("generation = \(generation)")
        tell(
            .progress, "The \(progress.stage) stage begins afresh.",
            ["stage": .string(progress.stage.rawValue), "reason": .string(reason)])
        try open(kind, progress, generation: generation, closing: .cancelled, error: Self.note + reason)
    }

    /// Closes the current run and opens another.
    private mutating func open(
        _ kind: StepKind, _ progress: Progress, generation: Int, closing: RunLeaving.Closing, error: String? = nil,
        output: (any StepOutput)? = nil
    ) throws {
        let isReady = progress.status == .queued
        set(progress)
        try close(workflow.key, as: closing, error: error, output: output)
        let next = NewRun(
            workflowID: workflow.id, stage: progress.stage, kind: kind, round: progress.round, generation: generation)
        add("next", next.insert(as: isReady ? .ready : .held, epoch: progress.epoch, after: "closed"))
        if isReady { try announce(kind, at: progress) }
        if progress.status == .paused { try notePause(in: progress.stage, by: workflow.pauseRequestedBy) }
    }

    /// What a run that was left says of it.
    private static let note = "begun afresh: "

    private static func beginnings(of key: RunKey, on connection: Connection) throws -> Int {
        try connection.execute(
            """
            select count(*)::int as count from stage_runs
            where workflow_id = \(key.workflowID) and stage = \(key.stage) and round = \(key.round)
                and starts_with(last_error, \(note))
            """
        ).first?.get("count") ?? 0
    }
}
