import Database

/// The one run of a workflow's steps that is still to be done: `r`, of a task `t`.
enum OpenRun {
    static let isOpen: SQL = "\(RunSlot.isStep()) and r.state in ('held', 'ready', 'leased')"

    /// Adds it to a task, or nothing where the task has ended.
    static let join: SQL = "left join stage_runs r on r.workflow_id = t.workflow_id and \(isOpen)"

    /// Who has it and since when, and why it does not run now.
    static let columns = columns(taking: ClaimWant.all)

    static func columns(taking wants: [ClaimWant]) -> SQL {
        """
        case when r.state = 'leased' then r.owner end as claimed_by,
        case when r.state = 'leased' then r.claimed_at end as claimed_at, \(waitsFor(wants)) as waits_for
        """
    }

    /// The name of what it waits for, null while it runs. It asks what a claim asks, see ``ClaimWant``; `worker` is a free
    /// place of a service.
    private static func waitsFor(_ wants: [ClaimWant]) -> SQL {
        """
        case when r.state is null then null
            when t.status = 'paused' or \(Ancestry.isPaused) then 'pause' when t.status = 'awaiting_approval' then 'approval'
            when r.state = 'held' and t.status = 'running' then
                case when r.wakes_at is null then 'children' else 'retry' end
            when r.state = 'held' then 'dependency'
            when r.state = 'leased' then case when r.lease_until < now() then 'worker' end
            when \(Pause.isInForce(of: "r.company_id")) then 'pause'
            when r.run_at > now() then 'retry'
            else \(wants.firstShort(otherwise: "'worker'")) end
        """
    }
}
