import Contracts
import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Pauses a company or the platform, has it go to a checkpoint, or on again. Returns the pause that this is about;
    /// `nil` where there is none to be resumed.
    package func move(_ place: PausePlace, _ cause: Standing.Cause, by actor: String) async throws -> Pause? {
        try await pool.transaction { connection in
            try Pause.lock(place, on: connection)
            guard let pause = try Pause.inForce(place, on: connection) else {
                let standing = Standing.going.after(cause)
                guard standing != .going else { return nil }
                return try connection.execute(
                    """
                    insert into pauses (id, company_id, standing, paused_by)
                    values (\(UUID.v7()), \(place.key), \(standing), \(actor.storable)) returning \(Pause.columns)
                    """
                ).first.map(Pause.init)
            }
            let standing = pause.standing.after(cause)
            guard standing != pause.standing else { return pause }
            let end: SQL = standing == .going ? ", resumed_by = \(actor.storable), resumed_at = now()" : ""
            return try connection.execute(
                "update pauses set standing = \(standing)\(end) where id = \(pause.id) returning \(Pause.columns)"
            ).first.map(Pause.init)
        }
    }

    /// Begins the checkpoints that are due. Whoever is paused is left as it is until somebody resumes it.
    ///
    /// - Parameter days: After how many the platform has one, where its settings do not say.
    package func beginDueCheckpoints(every days: Int) async throws -> [Pause] {
        var begun: [Pause] = []
        for next in try await nextCheckpoints(every: days) where next.isFree && next.due <= Date() {
            if let pause = try await move(next.place, .checkpoint, by: Pause.schedule) { begun.append(pause) }
        }
        return begun
    }

    /// When checkpoints are due by the schedule: the platform's, and those of companies whose settings say so. Counted from
    /// the last one, else from when that was said, or the platform came to know of checkpoints.
    package func nextCheckpoints(every days: Int) async throws -> [ScheduledCheckpoint] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                with scheduled as (
                    select '*' as company_id, applied_at as start, coalesce(
                        (select (c.spec ->> 'checkpoint_days')::bigint from catalogue c where c.kind = \(SettingsSpec.kind)
                            and c.company_id = '-' and c.project_id = '-' and c.object_id = '-' and c.is_current),
                        \(days)) as days
                    from schema_migrations where version = \(Migration.operation.version)
                    union all
                    select c.company_id, c.created_at, (c.spec ->> 'checkpoint_days')::bigint from catalogue c
                    where c.kind = \(SettingsSpec.kind) and c.is_current and c.company_id <> '-'
                        and c.spec ->> 'checkpoint_days' is not null
                )
                select s.company_id, s.days * interval '1 day' + coalesce(
                        (select p.resumed_at from pauses p where p.company_id = s.company_id and p.reached_at is not null
                            and p.resumed_at is not null order by p.paused_at desc, p.id desc limit 1), s.start) as due,
                    not \(Pause.isInForce(of: "s.company_id")) as is_free
                from scheduled s where s.days > 0 order by s.company_id
                """
            ).compactMap(ScheduledCheckpoint.init)
        }
    }

    /// The pauses on their way to a checkpoint of which nothing runs any more: their reports can be written.
    package func restingCheckpoints() async throws -> [Pause] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select \(Pause.columns) from pauses p where p.resumed_at is null and p.standing = 'halting'
                    and not exists (select from stage_runs r where r.state = 'leased' and \(RunSlot.isStep())
                        and (p.company_id = '*' or r.company_id = p.company_id))
                order by p.id
                """
            ).map(Pause.init)
        }
    }

    /// Keeps the report of a checkpoint, which is reached by that, and tells of it. Nothing is done where it was reached
    /// or resumed meanwhile.
    package func reach(
        _ pause: Pause, with report: StoredReport, telling event: CheckpointReached
    ) async throws -> [OutboxMessage] {
        try await pool.transaction { connection in
            try Pause.lock(pause.place, on: connection)
            let now = try Pause.inForce(pause.place, on: connection)
            guard let now, now.id == pause.id, case let standing = now.standing.after(.rest),
                standing != now.standing
            else { return [] }
            try connection.execute(report.insert)
            try connection.execute(
                """
                update pauses set standing = \(standing), report_id = \(report.id), reached_at = now()
                where id = \(pause.id)
                """)
            let stored = try StoredEvent(
                EventDraft(event), seq: 1, workflowID: pause.id, address: pause.place.address)
            let trace = pause.id.text.replacing("-", with: "")
            return try connection.execute(
                "\(OutboxMessage.insert) \(stored.outboxRow(subjects, traceID: trace)) returning \(OutboxMessage.columns)"
            ).map(OutboxMessage.init)
        }
    }

    /// Keeps a report that belongs to no checkpoint.
    package func keep(_ report: StoredReport) async throws {
        try await pool.transaction { connection in _ = try connection.execute(report.insert) }
    }

    /// Removes pauses that were resumed before `time`. Returns how many. Call it until it returns less than `limit`.
    ///
    /// Time limits of tasks that were open then are longer for them: no task may be that old. The last checkpoint stays,
    /// from which the next one is counted.
    package func prunePauses(before time: Date, limit: Int = 1000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from pauses where id = any (array(
                    select p.id from pauses p where p.resumed_at < \(time) and (p.reached_at is null or exists (
                        select from pauses later where later.company_id = p.company_id
                            and later.reached_at > p.reached_at and later.resumed_at is not null))
                    order by p.paused_at limit \(limit) for update skip locked))
                """
            ).affected
        }
    }
}

extension Pause {
    /// Who asks for a checkpoint that is due.
    package static let schedule = "schedule"

    /// "paus"
    private static let lockClass = 0x7061_7573

    /// What changes the pauses of a place comes one after the other.
    fileprivate static func lock(_ place: PausePlace, on connection: Connection) throws {
        try connection.execute("select pg_advisory_xact_lock(\(lockClass)::integer, hashtext(\(place.key)::text))")
    }

    fileprivate static func inForce(_ place: PausePlace, on connection: Connection) throws -> Pause? {
        try connection.execute(
            "select \(columns) from pauses where company_id = \(place.key) and resumed_at is null"
        ).first.map(Pause.init)
    }
}
