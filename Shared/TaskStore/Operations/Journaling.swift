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
    ///
    /// - Parameter records: What the run did before, to be recorded with it: no crash loses that.
    @discardableResult
    package func recordIntent(
        _ claim: Claim, step: Int, kind: JournalKind, name: String, requestHash: String, lease: Duration,
        after records: [RunRecord] = []
    ) async throws -> [OutboxMessage] {
        try await pool.transaction(synchronousCommit: !records.isEmpty) { connection in
            let messages = try records.isEmpty ? [] : write(records, of: claim, on: connection)
            let written = try connection.execute(
                """
                with fence as (
                    update stage_runs r set lease_until = greatest(r.lease_until, now() + \(lease))
                    where \(claim.isCurrent) returning 1
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
            guard written.affected == 0 else { return messages }
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
        try await record(claim, [RunRecord(step, events: events)])
    }

    /// Records what a run did, in this order, all or nothing. Steps that are recorded already are passed over, as by
    /// ``recordStep(_:_:events:)``.
    package func record(_ claim: Claim, _ records: [RunRecord]) async throws -> [OutboxMessage] {
        try await pool.transaction { try write(records, of: claim, on: $0) }
    }

    private func write(
        _ records: [RunRecord], of claim: Claim, on connection: Connection
    ) throws -> [OutboxMessage] {
        let workflow = try LockedWorkflow(of: claim, on: connection)
        let fresh = try records.filter { record in
            guard let step = record.step else { return true }
            return try insert(step, of: claim, on: connection)
        }
        var write = WorkflowWrite(workflow, subjects: subjects)
        write.apply(fresh.changes)
        if fresh.contains(where: { $0.step != nil }) { write.noteProgress(claim.key) }
        try write.emit(fresh.flatMap(\.events))
        return try write.execute(on: connection)
    }

    /// Inserts the steps that are recorded with the end of their run, of which none can be recorded yet.
    func insert(_ records: [RunRecord], of claim: Claim, on connection: Connection) throws {
        for step in records.compactMap(\.step) {
            guard try insert(step, of: claim, on: connection) else { throw StoreError.journalConflict(step: step.step) }
        }
    }

    /// Inserts a step with its checkpoint. Returns `false` if it is recorded already.
    private func insert(_ step: JournalStep, of claim: Claim, on connection: Connection) throws -> Bool {
        guard try connection.execute(claim.insert(step)).affected == 1 else {
            try check(step, of: claim, on: connection)
            return false
        }
        if let checkpoint = step.checkpoint {
            try connection.execute(claim.key.insert(checkpoint, step: step.step))
        }
        return true
    }

    /// Throws if another step is recorded in the place of `step`.
    private func check(_ step: JournalStep, of claim: Claim, on connection: Connection) throws {
        let rows = try connection.execute(
            "select request_hash from journal where run_id = \(claim.key.id) and step = \(step.step)")
        guard try rows.first?.get("request_hash") == step.requestHash else {
            throw StoreError.journalConflict(step: step.step)
        }
    }
}

extension RunKey {
    fileprivate func insert(_ checkpoint: Checkpoint, step: Int) -> SQL {
        """
        insert into checkpoints (workflow_id, ordinal, run_id, step, commit, tree, base, pack)
        select \(workflowID)::uuid, coalesce(max(ordinal), 0) + 1, \(id), \(step),
            \(checkpoint.commit), \(checkpoint.tree), \(checkpoint.base), \(checkpoint.pack)
        from checkpoints where workflow_id = \(workflowID)
        """
    }
}

extension Claim {
    fileprivate func insert(_ step: JournalStep) -> SQL {
        let answer = ModelAnswer(step)
        return """
            insert into journal
                (run_id, step, kind, name, request_hash, state, result, epoch, started_at, finished_at, model,
                prompt_tokens, completion_tokens, cost_usd)
            values (\(key.id), \(step.step), \(step.kind), \(step.name.storable), \(step.requestHash), 'done',
                \(step.result), \(epoch), coalesce(\(nullable: step.startedAt), clock_timestamp()), clock_timestamp(),
                \(nullable: answer?.model), \(nullable: answer?.promptTokens), \(nullable: answer?.completionTokens),
                \(nullable: answer?.costUSD))
            on conflict (run_id, step) do update set
                kind = excluded.kind, name = excluded.name, request_hash = excluded.request_hash, state = 'done',
                result = excluded.result, epoch = excluded.epoch, model = excluded.model,
                prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
                cost_usd = excluded.cost_usd,
                started_at = coalesce(\(nullable: step.startedAt), journal.started_at), finished_at = excluded.finished_at
            where journal.state = 'intent'
            """
    }
}

extension WorkflowWrite {
    /// A run that makes progress is not a run that fails again and again.
    fileprivate mutating func noteProgress(_ key: RunKey) {
        add("progress", "update stage_runs r set attempts = 1 where \(key.matches) and attempts > 1")
    }
}
