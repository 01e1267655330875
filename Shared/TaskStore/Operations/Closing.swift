import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

extension WorkflowWrite {
    /// How a run closes.
    enum Closing: String, SQLEncodable {
        /// By its owner.
        case done
        /// By somebody else.
        case cancelled
    }

    /// Closes a run. The part is named `closed`.
    mutating func close(
        _ key: RunKey, as closing: Closing, error: String? = nil, output: (any StepOutput)? = nil
    ) throws {
        let output = try output.map { try JSONValue(encoding: $0).storable }
        add(
            "closed",
            """
            update stage_runs r set state = \(closing), owner = null, lease_until = null, finished_at = now(),
                finished_by = case when \(closing) = 'done' then r.owner end,
                last_error = coalesce(\(nullable: error?.storable), last_error),
                output = coalesce(\(nullable: output), output)
            where \(key.matches) and r.finished_at is null returning r.workflow_id
            """)
    }

    /// Keeps that the owner of the current run failed at it, while it is still the owner's.
    mutating func keepFailure(_ error: String, ended: Bool) {
        add(
            "failure",
            """
            insert into run_failures (run_id, company_id, owner, kind, error, ended)
            select r.id, r.company_id, r.owner, r.kind, \(error.clipped(2000).storable), \(ended) from stage_runs r
            where \(workflow.key.matches) and r.owner is not null
            """)
    }

    /// Puts the open run back into the queue, or holds it.
    mutating func reopen(
        as beginning: NewRun.Beginning, delay: Duration = .zero, wakesAt: Date? = nil, and more: SQL...
    ) throws {
        let isAnnounced = beginning == .ready && delay <= .zero
        let assignments: [SQL] = [
            "state = \(beginning)", "owner = null", "lease_until = null", "run_at = now() + \(max(delay, .zero))",
            "wakes_at = \(nullable: wakesAt)", isAnnounced ? "announced_at = now()" : "announced_at = null",
        ]
        add("reopened", "update stage_runs r set \(SQL.list(assignments + more)) where \(workflow.key.matches)")
        if isAnnounced { try announce(workflow.kind, at: workflow.progress) }
    }
}
