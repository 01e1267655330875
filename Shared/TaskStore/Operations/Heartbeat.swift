import Database

extension TaskStore {
    /// Extends those of the leases that are still their owners', in one statement, and reports what each owner has to know.
    /// A lease that is not answered for is lost.
    ///
    /// It waits for nobody: a run that another transaction is at work on is passed over and reported as such. So one of them
    /// holds up no other, and no order of locks elsewhere can close a circle with this one. Only rows of runs are locked,
    /// which is enough: whoever takes a run, or ends it, changes its row.
    package func heartbeat(_ leases: [RunLease], lease: Duration) async throws -> [RunLease: HeartbeatReply] {
        guard !leases.isEmpty else { return [:] }
        return try await pool.transaction(synchronousCommit: false) { connection in
            let rows = try connection.execute(Self.heartbeatStatement(leases, lease: lease))
            return Dictionary(
                try rows.map { (try RunLease($0), try HeartbeatReply($0)) }, uniquingKeysWith: { $1 })
        }
    }

    /// A lease never ends sooner than it was granted before: of two requests the older one may come later.
    private static func heartbeatStatement(_ leases: [RunLease], lease: Duration) -> SQL {
        """
        with mine as (
            select * from unnest(\(leases.map(\.run)), \(leases.map(\.owner)), \(leases.map(\.epoch)))
                as mine (id, owner, epoch)
        ),
        free as (
            select r.id from stage_runs r join mine on \(isMine) for no key update of r skip locked
        ),
        extended as (
            update stage_runs r set lease_until = greatest(r.lease_until, now() + \(lease))
            from free where r.id = free.id returning r.id
        )
        select mine.id, mine.owner, mine.epoch, extended.id is not null as is_extended, t.cancel_requested,
            t.pause_requested or \(Ancestry.isPaused) as pause_requested, t.max_cost_usd,
            \(Pause.deadline) < now() as overdue,
            exists (select from steering s where s.workflow_id = t.workflow_id and s.taken_at is null) as has_steering
        from mine join stage_runs r on \(isMine) join tasks t on t.workflow_id = r.workflow_id
            left join extended on extended.id = r.id
        """
    }

    /// The fence of each, see ``RunLease/isCurrent``.
    private static let isMine: SQL = "r.id = mine.id and r.owner = mine.owner and r.epoch = mine.epoch"
}

extension RunLease {
    fileprivate init(_ row: Row) throws {
        self.init(run: try row.get("id"), owner: try row.get("owner"), epoch: try row.get("epoch"))
    }
}

extension HeartbeatReply {
    fileprivate init(_ row: Row) throws {
        self.init()
        isExtended = try row.get("is_extended")
        cancelRequested = try row.get("cancel_requested")
        pauseRequested = try row.get("pause_requested")
        hasSteering = try row.get("has_steering")
        maxCostUSD = try row.get("max_cost_usd")
        deadlinePassed = try row.get("overdue")
    }
}
