import Contracts
import Database
import Flows
import FoundationEssentials

extension TaskStore {
    /// Takes back runs whose owner let the lease expire: they are announced again, or end or pause if that was asked
    /// for. Returns the messages to publish.
    package func returnExpiredLeases(limit: Int = 100) async throws -> [OutboxMessage] {
        let candidates: SQL = """
            select workflow_id from stage_runs r
            where state = 'leased' and \(RunSlot.isStep()) and lease_until < now() order by lease_until limit \(limit)
            """
        return try await forEach(candidates) { workflow, connection in
            guard workflow.run == .expired else { return Effects() }
            let epoch = workflow.progress.epoch
            guard !workflow.cancelRequested else {
                return try end(workflow, as: .cancelled, epoch: epoch, on: connection)
            }
            var write = WorkflowWrite(workflow, subjects: subjects)
            try write.giveBack(epoch: epoch, after: .zero, error: "the lease expired")
            return Effects(messages: try write.execute(on: connection))
        }
    }

    /// Announces ready runs again that nobody took for `age` since the last announcement, that became due after a delay,
    /// or that were put aside and have room now. A workflow whose trigger is still to be published is left alone.
    package func reannounceReady(olderThan age: Duration, limit: Int = 100) async throws -> [OutboxMessage] {
        let candidates: SQL = """
            with waiting as (
                select r.workflow_id, r.announced_at, r.rank, r.company_id,
                    row_number() over (partition by r.company_id order by r.announced_at nulls first, r.rank) as place
                from stage_runs r join tasks t using (workflow_id)
                where r.state = 'ready' and \(RunSlot.isStep()) and r.run_at <= now() and not \(Ancestry.isPaused)
                    and not \(wants.areShortForRun) and not \(Pause.isInForce(of: "r.company_id"))
                    and (r.announced_at is null or r.announced_at < now() - \(age))
                    and not exists (select from outbox o
                        where o.workflow_id = r.workflow_id and o.published_at is null and o.seq is null)
            ),
            room as (
                select company_id, \(CompanyLimit.maximum(of: "company_id"))
                    - \(CompanyLimit.running(of: "waiting.company_id")) as free
                from waiting group by company_id
            )
            select workflow_id from waiting join room using (company_id)
            where free is null or place <= free
            order by announced_at nulls first, rank limit \(limit)
            """
        return try await forEach(candidates) { workflow, connection in
            guard workflow.run == .ready else { return Effects() }
            var write = WorkflowWrite(workflow, subjects: subjects)
            write.add("again", "update stage_runs r set announced_at = now() where \(workflow.key.matches)")
            try write.announce(workflow.kind, at: workflow.progress)
            return Effects(messages: try write.execute(on: connection))
        }
    }

    /// Whether a permit is still needed with which nothing could be claimed: its run is ready.
    ///
    /// A run that cannot have what it wants, or that a pause (of an ancestor, the company, the platform) holds back, is put
    /// aside; it is announced again when it can.
    package func needsPermit(_ kind: StepKind, of workflowID: UUID) async throws -> Bool {
        try await pool.transaction { connection in
            let ready: SQL = """
                r.workflow_id = \(workflowID) and \(RunSlot.isStep()) and r.kind = \(kind) and r.state = 'ready'
                """
            return try !connection.execute(
                """
                with aside as (
                    update stage_runs r set announced_at = null from tasks t
                    where t.workflow_id = r.workflow_id and \(ready)
                        and (\(Ancestry.isPaused) or \(Pause.isInForce(of: "r.company_id")) or \(wants.areShort))
                    returning r.workflow_id
                )
                select from stage_runs r where \(ready) and r.run_at <= now() and not exists (select from aside)
                """
            ).isEmpty
        }
    }

    /// Ends workflows whose time limit has passed: at once where nobody holds a lease, after `grace` where the owner
    /// did not end it. A paused workflow has no clock, nor has one whose company or platform is paused.
    package func endOverdue(grace: Duration = .seconds(60), limit: Int = 100) async throws -> [OutboxMessage] {
        let candidates: SQL = """
            select t.workflow_id from tasks t join stage_runs r using (workflow_id)
            where t.finished_at is null and t.deadline_at < now() and t.status <> 'paused'
                and not \(Ancestry.isPaused) and \(Pause.deadline) < now()
                and \(OpenRun.isOpen)
                and (r.state <> 'leased' or r.lease_until < now() or \(Pause.deadline) < now() - \(grace))
            order by t.deadline_at limit \(limit)
            """
        return try await forEach(candidates) { workflow, connection in
            guard !workflow.progress.status.isTerminal, workflow.progress.status != .paused else { return Effects() }
            return try end(workflow, as: .timedOut, error: "the time limit has passed", on: connection)
        }
    }

    /// Runs `body` on each workflow that a query names, in a transaction each. Those that others work on are skipped.
    func forEach(
        _ candidates: SQL, _ body: @escaping @Sendable (LockedWorkflow, Connection) throws -> Effects
    ) async throws -> [OutboxMessage] {
        let ids: [UUID] = try await pool.withConnection { connection in
            try connection.execute(candidates).map { try $0.get("workflow_id") }
        }
        var messages: [OutboxMessage] = []
        for id in ids {
            messages += try await change { connection in
                guard let workflow = try LockedWorkflow(id, skipLocked: true, on: connection) else { return Effects() }
                return try body(workflow, connection)
            }
        }
        return messages
    }
}
