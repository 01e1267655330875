import Database
import Foundations

extension TaskStore {
    /// The limits in force, by company.
    package func companyLimits() async throws -> [CompanyLimit] {
        try await pool.withConnection { connection in
            try connection.execute("select company_id, max_running from company_limits order by company_id").map {
                row in
                CompanyLimit(company: try row.get("company_id"), maxRunning: try row.get("max_running"))
            }
        }
    }

    /// Sets a limit. Tasks that run go on; no more are started while there are too many.
    package func set(_ limit: CompanyLimit) async throws {
        try await pool.transaction { connection in
            _ = try connection.execute(
                """
                insert into company_limits (company_id, max_running) values (\(limit.company), \(limit.maxRunning))
                on conflict (company_id) do update set max_running = excluded.max_running
                """)
        }
    }

    /// Removes a limit. Returns whether there was one.
    @discardableResult
    package func removeLimit(of company: String) async throws -> Bool {
        try await pool.transaction { connection in
            try connection.execute("delete from company_limits where company_id = \(company)").affected > 0
        }
    }
}

extension ClaimWant {
    /// A place under the limit of the run's company. A run whose lease ended keeps the one that it has.
    static let companyLimit = ClaimWant(
        name: "limit", place: .limits,
        shortage: .ofCompany { company, running in
            let limit = CompanyLimit.maximum(of: company)
            return "case when \(limit) is null then false else \(running) >= \(limit) end"
        },
        columns: "case when not run.is_takeover then \(CompanyLimit.maximum(of: "run.company_id")) end as max_running",
        take: { row, connection in
            guard let limit: Int = try row.get("max_running") else { return true }
            return try CompanyLimit.lockedRunning(of: try row.get("company_id"), on: connection) <= limit
        })
}

extension CompanyLimit {
    /// The limit of a company, null where there is none.
    static func maximum(of company: SQL) -> SQL {
        """
        (select max_running from company_limits limits where limits.company_id in (\(company), '*')
            order by limits.company_id = '*' limit 1)
        """
    }

    /// How many tasks of a company run.
    static func running(of company: SQL) -> SQL {
        """
        (select count(*) from stage_runs held
            where held.state = 'leased' and \(RunSlot.isStep("held")) and held.company_id = \(company))
        """
    }

    /// How many tasks of a company run, with those that this transaction claimed.
    ///
    /// Claims of the company commit one after the other from here on, and the count is read after the lock is held, so
    /// that it knows of all that committed before.
    fileprivate static func lockedRunning(of company: CompanyID, on connection: Connection) throws -> Int {
        try connection.execute("select pg_advisory_xact_lock(\(lockClass)::integer, hashtext(\(company)::text))")
        let rows = try connection.execute("select \(running(of: "\(company)::text")) as running")
        return try rows.first?.get("running") ?? 0
    }

    /// "limt"
    private static let lockClass = 0x6c69_6d74
}
