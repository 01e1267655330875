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

    /// Begins the checkpoints of the platform that are due: `days` after the last one was resumed.
    ///
    /// A platform that is paused is left as it is until somebody resumes it.
    package func beginDueCheckpoint(every days: Int) async throws -> Pause? {
        guard days > 0, let due = try await nextCheckpoint(every: days), due <= Date() else { return nil }
        let isPaused = try await pool.withConnection { try Pause.inForce(.platform, on: $0) != nil }
        return isPaused ? nil : try await move(.platform, .checkpoint, by: Pause.schedule)
    }

    /// When the platform's next checkpoint is due by the schedule: counted from the last one, else from when the platform
    /// came to know of them.
    package func nextCheckpoint(every days: Int) async throws -> Date? {
        guard days > 0 else { return nil }
        return try await pool.withConnection { connection in
            try connection.execute(
                """
                select coalesce(
                    (select resumed_at from pauses where company_id = '*' and reached_at is not null
                        and resumed_at is not null order by paused_at desc, id desc limit 1),
                    (select applied_at from schema_migrations where version = \(Migration.operation.version)))
                    + \(days) * interval '1 day' as due
                """
            ).first?.get("due")
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
