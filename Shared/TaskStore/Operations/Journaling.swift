import Contracts
import Database
import Foundations

extension TaskStore {
    /// What a run did so far, in order: the results that a replay takes instead of calling again.
    package func journal(of key: RunKey) async throws -> [JournalEntry] {
        try await pool.withConnection { connection in
            try connection.execute(
                "select \(JournalEntry.columns) from journal where run_id = \(key.id) order by step"
            ).map(JournalEntry.init)
        }
    }

    /// Records that an effect is about to happen, and extends the lease: what takes long or costs money is not begun
    /// with the rest of one. A crash of the database may lose both, and nothing else.
    package func recordIntent(
        _ claim: Claim, step: Int, kind: JournalKind, name: String, requestHash: String, lease: Duration
    ) async throws {
        try await pool.transaction(synchronousCommit: false) { connection in
            let written = try connection.execute(
                """
                with fence as (
                    update stage_runs r set lease_until = now() + \(lease) where \(claim.isCurrent) returning 1
                )
                insert into journal
                    (run_id, step, kind, name, request_hash, state, epoch)
                select \(claim.key.id), \(step), \(kind), \(name.storable), \(requestHash), 'intent', \(claim.epoch)
                from fence
                on conflict (run_id, step) do update set
                    kind = excluded.kind, name = excluded.name, request_hash = excluded.request_hash,
                    epoch = excluded.epoch, started_at = excluded.started_at
                where journal.state = 'intent'
                """)
            guard written.affected == 0 else { return }
            // Either the lease is lost, which this finds, or the step is done.
            _ = try LockedWorkflow(of: claim, on: connection)
            throw StoreError.journalConflict(step: step)
        }
    }

    /// Records a finished effect with its checkpoint, its usage and its events, all or nothing.
    ///
    /// Recording the same step again does nothing, so it may be repeated after an unknown commit; with another request
    /// it throws ``StoreError/journalConflict(step:)``.
    package func recordStep(
        _ claim: Claim, _ step: JournalStep, events: [EventDraft] = []
    ) async throws -> [OutboxMessage] {
        try await pool.transaction { connection in
            let workflow = try LockedWorkflow(of: claim, on: connection)
            guard try connection.execute(claim.insert(step)).affected == 1 else {
                return try recorded(step, of: claim, on: connection)
            }
            var write = WorkflowWrite(workflow, subjects: subjects)
            write.apply(step.changes)
            if let checkpoint = step.checkpoint { write.add(checkpoint, of: claim.key, step: step.step) }
            write.noteProgress(claim.key)
            try write.emit(events)
            return try write.execute(on: connection)
        }
    }

    private func recorded(
        _ step: JournalStep, of claim: Claim, on connection: Connection
    ) throws -> [OutboxMessage] {
        let rows = try connection.execute(
            "select request_hash from journal where run_id = \(claim.key.id) and step = \(step.step)")
        guard try rows.first?.get("request_hash") == step.requestHash else {
            throw StoreError.journalConflict(step: step.step)
        }
        return try WorkflowWrite.unpublished(of: claim.key.workflowID, on: connection)
    }
}

extension Claim {
    fileprivate func insert(_ step: JournalStep) -> SQL {
        """
        insert into journal
            (run_id, step, kind, name, request_hash, state, result, epoch, started_at, finished_at)
        values (\(key.id), \(step.step), \(step.kind), \(step.name.storable), \(step.requestHash), 'done',
            \(step.result), \(epoch), coalesce(\(nullable: step.startedAt), clock_timestamp()), clock_timestamp())
        on conflict (run_id, step) do update set
            kind = excluded.kind, name = excluded.name, request_hash = excluded.request_hash, state = 'done',
            result = excluded.result, epoch = excluded.epoch,
            started_at = coalesce(\(nullable: step.startedAt), journal.started_at), finished_at = excluded.finished_at
        where journal.state = 'intent'
        """
    }
}

extension WorkflowWrite {
    fileprivate mutating func add(_ checkpoint: Checkpoint, of key: RunKey, step: Int) {
        set("head_commit = \(checkpoint.commit)", "head_tree = \(checkpoint.tree)")
        add(
            "checkpoint",
            """
            insert into checkpoints (workflow_id, ordinal, run_id, step, commit, tree, base, pack)
            select \(key.workflowID)::uuid, coalesce(max(ordinal), 0) + 1, \(key.id), \(step),
                \(checkpoint.commit), \(checkpoint.tree), \(checkpoint.base), \(checkpoint.pack)
            from checkpoints where workflow_id = \(key.workflowID)
            """)
    }

    /// A run that makes progress is not a run that fails again and again.
    fileprivate mutating func noteProgress(_ key: RunKey) {
        add("progress", "update stage_runs r set attempts = 1 where \(key.matches) and attempts > 1")
    }
}
