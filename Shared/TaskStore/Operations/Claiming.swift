import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// Takes the most urgent run of a kind that is ready, or `nil` if there is none.
    ///
    /// A run whose owner let its lease expire comes first. Then, of those below their limit, the company comes first that
    /// has the fewest runs of the kind leased, a random one of several; of its runs the one of the lowest rank
    /// (priority and age).
    ///
    /// - Parameters:
    ///   - owner: A random id per process start.
    ///   - lease: How long the run is the owner's without a heartbeat.
    package func claim(_ kind: StepKind, owner: UUID, lease: Duration) async throws -> StageRun? {
        var refused: [Int] = []
        while refused.count < Self.tries {
            do {
                return try await claim(kind, besides: refused, owner: owner, lease: lease)
            } catch let refusal as ClaimWant.NotHad {
                refused.append(refusal.run)
            }
        }
        return nil
    }

    /// How many runs a claim tries whose wants seemed to be had.
    private static let tries = 4

    private func claim(
        _ kind: StepKind, besides refused: [Int], owner: UUID, lease: Duration
    ) async throws -> StageRun? {
        let statement = Self.claimStatement(kind, besides: refused, owner: owner, lease: lease, taking: wants)
        return try await pool.transaction { connection in
            guard let row = try connection.execute(statement).first else { return nil }
            try wants.take(row, on: connection)
            return try StageRun(WorkflowRecord(row), row, on: connection)
        }
    }

    /// Rows that others work on are skipped, so a claim never waits for a run, whatever the order of locks elsewhere.
    static func claimStatement(
        _ kind: StepKind, besides refused: [Int] = [], owner: UUID, lease: Duration,
        taking wants: [ClaimWant] = ClaimWant.all
    ) -> SQL {
        """
        with recursive \(companies(kind, wants)),
        picked as (
            select *, true as is_takeover from (\(expired(kind, candidates(wants, besides: refused)))) e
            union all select *, false from (\(ready(kind, candidates(wants, besides: refused)))) r limit 1
        ),
        run as (
            update stage_runs r set state = 'leased', owner = \(owner), epoch = r.epoch + 1,
                lease_until = now() + \(lease), claimed_at = now(), attempts = r.attempts + 1
            from picked p where r.id = p.id returning r.*, p.is_takeover
        ),
        told as (\(Notice.ofFirstClaims("run"))),
        task as (
            update tasks t set status = 'running', started_at = coalesce(t.started_at, now())
            from run where t.workflow_id = run.workflow_id
            returning \(kind.row?.opensCredentials == true ? WorkflowRecord.columnsWithSeal : WorkflowRecord.columns)
        )
        select task.*, run.id as run_id, run.owner, run.epoch, run.attempts, run.last_error\(wants.columns)
        from task, run
        """
    }

    /// The runs `r` of tasks `t` that a claim may give.
    private static func candidates(_ wants: [ClaimWant], besides refused: [Int]) -> SQL {
        let others: SQL = refused.isEmpty ? "" : " and r.id <> all (\(refused))"
        return "not \(Ancestry.isPaused) and not \(wants.areShortForRun)\(others)"
    }

    /// The companies with ready runs in the order of their turns. Jumps from company to company in the index, so that
    /// one with many runs costs no more than one with few.
    private static func companies(_ kind: StepKind, _ wants: [ClaimWant]) -> SQL {
        """
        company (id) as (
            (select company_id::text from stage_runs r
                where r.state = 'ready' and \(RunSlot.isStep()) and r.kind = \(kind) order by company_id limit 1)
            union all
            select (select r.company_id::text from stage_runs r
                where r.state = 'ready' and \(RunSlot.isStep()) and r.kind = \(kind) and r.company_id > company.id
                order by r.company_id limit 1)
            from company where company.id is not null
        ),
        busy as (
            select company_id, count(*) as runs, count(*) filter (where r.kind = \(kind)) as runs_of_kind
            from stage_runs r where state = 'leased' and \(RunSlot.isStep()) group by company_id
        ),
        turn as (
            select id from company left join busy on busy.company_id = company.id
            where id is not null and not \(Pause.isInForce(of: "company.id"))
                and (runs is null or not \(wants.areShort(for: "company.id", running: "runs")))
            order by coalesce(runs_of_kind, 0), random()
        )
        """
    }

    private static func ready(_ kind: StepKind, _ candidates: SQL) -> SQL {
        """
        select mine.* from turn cross join lateral (
            select r.id from stage_runs r join tasks t using (workflow_id)
            where r.state = 'ready' and \(RunSlot.isStep()) and r.kind = \(kind) and r.company_id = turn.id
                and r.run_at <= now() and \(candidates)
            order by r.rank limit 1 for no key update of t, r skip locked
        ) mine limit 1
        """
    }

    /// Flags that an owner did not follow are the reconciler's, see ``returnExpiredLeases(limit:)``.
    private static func expired(_ kind: StepKind, _ candidates: SQL) -> SQL {
        """
        select r.id from stage_runs r join tasks t using (workflow_id)
        where r.state = 'leased' and \(RunSlot.isStep()) and r.kind = \(kind) and r.lease_until < now()
            and not t.cancel_requested and not t.pause_requested and \(candidates)
            and not \(Pause.isInForce(of: "r.company_id"))
        order by r.lease_until limit 1 for no key update of t, r skip locked
        """
    }
}
