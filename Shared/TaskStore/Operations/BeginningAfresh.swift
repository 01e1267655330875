import Contracts
import Database
import Foundations

extension TaskStore {
    /// How often a stage may have another begin afresh, in a round. While replicas of two versions run beside each other
    /// they may hand a task to and fro.
    package static let freshBeginnings = 5

    /// What the run that was left says of it.
    fileprivate static let note = "begun afresh: "

    /// Leaves the run with what its journal holds, and opens `stage` as a new generation with an empty journal. The work
    /// stays: the next run goes on from the last checkpoint. What was spent counts.
    ///
    /// Throws ``StoreError/begunAfreshTooOften`` after ``freshBeginnings`` of them.
    package func beginAfresh(_ claim: Claim, at stage: Stage, because reason: String) async throws -> [OutboxMessage] {
        try await finish(claim) { workflow, connection, write in
            guard try Self.beginnings(of: claim.key, on: connection) < Self.freshBeginnings else {
                throw StoreError.begunAfreshTooOften
            }
            let transition = Lifecycle.Transition.beginAfresh(at: stage, epoch: claim.epoch)
            let isHeld = workflow.pauseRequested
            let begun = try isHeld ? workflow.applying(transition, .pause) : workflow.applying(transition)
            try write.beginAfresh(begun, from: claim.key, because: reason)
            if isHeld { try write.notePause(in: stage) }
        }
    }

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

extension WorkflowWrite {
    fileprivate mutating func beginAfresh(_ lifecycle: Lifecycle, from key: RunKey, because reason: String) throws {
        let again = RunKey(
            workflowID: key.workflowID, stage: lifecycle.stage, round: lifecycle.round, generation: key.generation + 1)
        let isReady = lifecycle.status == .queued
        set(lifecycle)
        set("generation = \(again.generation)")
        close(key, as: .cancelled, error: TaskStore.note + reason)
        add("again", again.insertRun(isReady ? .ready : .held, epoch: lifecycle.epoch, after: "closed"))
        tell(
            .progress, "The \(again.stage.rawValue) stage begins afresh.",
            ["stage": .string(again.stage.rawValue), "reason": .string(reason)])
        if isReady { try announce(again) }
    }
}
