import Contracts
import Database
import Foundations

extension TaskStore {
    /// How many tasks of a company may run at a time, by company.
    package func companyLimits() async throws -> [CompanyLimit] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select case c.company_id when '-' then '*' else c.company_id end as company_id,
                    (c.spec ->> 'max_running')::integer as max_running
                from catalogue c where c.kind = \(LimitsSpec.kind) and c.is_current and c.spec ? 'max_running'
                order by c.company_id
                """
            ).map { row in
                CompanyLimit(company: try row.get("company_id"), maxRunning: try row.get("max_running"))
            }
        }
    }

    /// Sets a limit, beside the other limits of the company. Tasks that run go on; no more are started while there are too
    /// many.
    package func set(_ limit: CompanyLimit) async throws {
        try await pool.transaction { connection in
            let rows = CatalogueRows(LimitsSpec.kind, limit.place, on: connection)
            _ = try rows.change { $0.merging(["max_running": .int(limit.maxRunning)]) { $1 } }
        }
    }

    /// Removes a limit; what else limits the company stays. Returns whether there was one.
    @discardableResult
    package func removeLimit(of company: String) async throws -> Bool {
        try await pool.transaction { connection in
            let rows = CatalogueRows(LimitsSpec.kind, CompanyLimit.place(of: company), on: connection)
            return try rows.change { limits in
                let others = limits.filter { $0.key != "max_running" }
                return others.isEmpty ? nil : others
            }
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
    static func maximum(of company: SQL) -> SQL { "((\(limits(of: company)) ->> 'max_running')::integer)" }

    /// What limits a company, null where nothing does: its own limits, else those of every other.
    static func limits(of company: SQL) -> SQL {
        """
        (select limits.spec from catalogue limits
            where limits.kind = 'limits' and limits.is_current and limits.company_id in (\(company), '-')
                and limits.project_id = '-' and limits.object_id = '-'
            order by limits.company_id = '-' limit 1)
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
