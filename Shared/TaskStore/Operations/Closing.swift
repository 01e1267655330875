import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

extension WorkflowWrite {
    /// Closes a run. The part is named `closed`.
    mutating func close(
        _ key: RunKey, as closing: RunLeaving.Closing, error: String? = nil, output: (any StepOutput)? = nil
    ) throws {
        let output = try output.map { try JSONValue(encoding: $0).storable }
        add(
            "closed",
            """
            update stage_runs r set \(RunLeaving.closed(closing).assignments),
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
            RunLeaving.open(beginning, after: delay).assignments, "wakes_at = \(nullable: wakesAt)",
            isAnnounced ? "announced_at = now()" : "announced_at = null",
        ]
        add("reopened", "update stage_runs r set \(SQL.list(assignments + more)) where \(workflow.key.matches)")
        if isAnnounced { try announce(workflow.kind, at: workflow.progress) }
    }
}
