import Database
import FoundationEssentials

extension TaskStore {
    /// How many endpoints of a company a claim looks at from each side of the place where it begins.
    private static let endpoints = 32
    /// How many messages a claim looks at: of an endpoint, of a company, in all.
    private static let ofEndpoint = 32
    private static let ofCompany = 64
    private static let inAll = 1024

    /// Takes webhook messages that are due, as many as `places` allows each company and endpoint. Messages to an
    /// endpoint that was disabled are put aside.
    ///
    /// - Parameters:
    ///   - places: Of the owner. What is under way there is not taken again, even if its lease has ended meanwhile.
    ///   - defaultURL: The platform's endpoint, for messages without a URL.
    package func claimWebhooks(
        owner: UUID, lease: Duration, places: WebhookPlaces = WebhookPlaces(256), defaultURL: String? = nil
    ) async throws -> WebhookClaim {
        let pivot = Int64.random(in: .min ... .max)
        return try await pool.transaction { connection in
            let due = try connection.execute(Self.dueWebhooks(besides: places.ids, beginningAt: pivot))
                .map(WebhookCandidate.init)
            let chosen = places.choose(from: due)
            guard !chosen.isEmpty else { return WebhookClaim(deliveries: [], isHeldBack: !due.isEmpty) }
            let taken = try connection.execute(
                Self.takeWebhooks(chosen, owner: owner, lease: lease, defaultURL: defaultURL))
            let deliveries = try taken.filter { try !$0.get("is_disabled") }.map(WebhookDelivery.init)
            return WebhookClaim(
                deliveries: deliveries, isHeldBack: chosen.count < due.count, disabled: taken.count - deliveries.count)
        }
    }

    /// The first messages of every company, and of each company of every endpoint. It jumps from one to the next in the
    /// index: a receiver with many messages costs no more than one with few, and hides nobody else's.
    static func dueWebhooks(besides ids: [String], beginningAt pivot: Int64) -> SQL {
        """
        with recursive company (id) as (
            (select company_id::text from stage_runs r where \(OpenDelivery.isOpen) order by company_id limit 1)
            union all
            select (select r.company_id::text from stage_runs r
                where \(OpenDelivery.isOpen) and r.company_id > company.id order by r.company_id limit 1)
            from company where company.id is not null
        )
        select due.id, company.id as company_id, due.endpoint, due.run_at
        from company cross join lateral (
            select own.* from (
                (\(endpoints(of: "company.id", and: "r.endpoint >= \(pivot)")))
                union all (\(endpoints(of: "company.id", and: "r.endpoint < \(pivot)")))
            ) e cross join lateral (
                select first.*, row_number() over (order by first.run_at) as turn from (
                    select r.slot as id, r.endpoint, r.run_at from stage_runs r
                    where r.company_id = company.id and r.endpoint = e.endpoint and \(OpenDelivery.isDue)
                        and r.slot <> all (\(ids))
                    order by r.run_at limit \(ofEndpoint)
                ) first
            ) own
            order by own.turn, own.run_at limit \(ofCompany)
        ) due
        order by due.turn, due.run_at limit \(inAll)
        """
    }

    /// Some endpoints with messages of `company`: those that follow each other in one part of the index.
    private static func endpoints(of company: SQL, and part: SQL) -> SQL {
        """
        with recursive e (endpoint, place) as (
            (select r.endpoint, 1 from stage_runs r
                where \(OpenDelivery.isOpen) and r.company_id = \(company) and \(part) order by r.endpoint limit 1)
            union all
            select (select r.endpoint from stage_runs r
                where \(OpenDelivery.isOpen) and r.company_id = \(company) and \(part) and r.endpoint > e.endpoint
                order by r.endpoint limit 1), place + 1
            from e where e.endpoint is not null and place < \(endpoints)
        )
        select endpoint from e where endpoint is not null
        """
    }

    /// Rows that another bridge takes at this moment are skipped. The first of the attempts that a run counts is that
    /// many rows back in the ledger.
    private static func takeWebhooks(_ ids: [String], owner: UUID, lease: Duration, defaultURL: String?) -> SQL {
        """
        with taken as (
            select r.id, coalesce(m.url, \(nullable: defaultURL)) in (select url from webhook_endpoints) is true
                as is_disabled
            from stage_runs r join webhook_messages m on m.id = r.slot
            where r.slot = any (\(ids)) and \(OpenDelivery.isDue) for no key update of r skip locked
        )
        update stage_runs r set epoch = r.epoch + 1,
            state = case when is_disabled then 'cancelled' else 'leased' end,
            finished_at = case when is_disabled then now() end,
            owner = case when not is_disabled then \(owner) end,
            claimed_at = case when not is_disabled then now() end,
            lease_until = case when not is_disabled then now() + \(lease) end
        from taken, webhook_messages m where r.id = taken.id and m.id = r.slot
        returning is_disabled, r.id as run_id, m.id, r.workflow_id, r.company_id, r.endpoint, m.url, m.payload,
            r.attempts, m.created_at, r.owner, r.epoch,
            coalesce(extract(epoch from now() - (select min(tried.at) from (select a.at from webhook_attempts a
                where a.message_id = m.id order by a.id desc limit r.attempts) tried)), 0)::float8 as elapsed
        """
    }
}

/// A webhook that is still to be delivered: conditions on its run `r`.
enum OpenDelivery {
    static let isOpen: SQL = "\(RunSlot.isDelivery()) and r.state in ('ready', 'leased')"
    /// It is due, and nobody has it.
    static let isDue: SQL = "\(isOpen) and r.run_at <= now() and (r.lease_until is null or r.lease_until < now())"
}
