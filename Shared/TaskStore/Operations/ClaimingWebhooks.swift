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

    private static let isDue: SQL = """
        m.state = 'pending' and m.next_attempt_at <= now() and (m.lease_until is null or m.lease_until < now())
        """

    /// The first messages of every company, and of each company of every endpoint. It jumps from one to the next in the
    /// index: a receiver with many messages costs no more than one with few, and hides nobody else's.
    static func dueWebhooks(besides ids: [String], beginningAt pivot: Int64) -> SQL {
        """
        with recursive company (id) as (
            (select company_id from webhook_messages where state = 'pending' order by company_id limit 1)
            union all
            select (select m.company_id from webhook_messages m
                where m.state = 'pending' and m.company_id > company.id order by m.company_id limit 1)
            from company where company.id is not null
        )
        select due.id, company.id as company_id, due.endpoint, due.next_attempt_at
        from company cross join lateral (
            select own.* from (
                (\(endpoints(of: "company.id", and: "m.endpoint >= \(pivot)")))
                union all (\(endpoints(of: "company.id", and: "m.endpoint < \(pivot)")))
            ) e cross join lateral (
                select first.*, row_number() over (order by first.next_attempt_at) as turn from (
                    select m.id, m.endpoint, m.next_attempt_at from webhook_messages m
                    where m.company_id = company.id and m.endpoint = e.endpoint and \(isDue) and m.id <> all (\(ids))
                    order by m.next_attempt_at limit \(ofEndpoint)
                ) first
            ) own
            order by own.turn, own.next_attempt_at limit \(ofCompany)
        ) due
        order by due.turn, due.next_attempt_at limit \(inAll)
        """
    }

    /// Some endpoints with messages of `company`: those that follow each other in one part of the index.
    private static func endpoints(of company: SQL, and part: SQL) -> SQL {
        """
        with recursive e (endpoint, place) as (
            (select m.endpoint, 1 from webhook_messages m
                where m.state = 'pending' and m.company_id = \(company) and \(part) order by m.endpoint limit 1)
            union all
            select (select m.endpoint from webhook_messages m
                where m.state = 'pending' and m.company_id = \(company) and \(part) and m.endpoint > e.endpoint
                order by m.endpoint limit 1), place + 1
            from e where e.endpoint is not null and place < \(endpoints)
        )
        select endpoint from e where endpoint is not null
        """
    }

    /// Rows that another bridge takes at this moment are skipped.
    private static func takeWebhooks(_ ids: [String], owner: UUID, lease: Duration, defaultURL: String?) -> SQL {
        """
        with taken as (
            select m.id, coalesce(m.url, \(nullable: defaultURL)) in (select url from webhook_endpoints) is true
                as is_disabled
            from webhook_messages m where m.id = any (\(ids)) and \(isDue) for update of m skip locked
        )
        update webhook_messages m set epoch = m.epoch + 1,
            state = case when is_disabled then 'disabled' else 'pending' end,
            finished_at = case when is_disabled then now() end,
            owner = case when not is_disabled then \(owner) end,
            lease_until = case when not is_disabled then now() + \(lease) end
        from taken, tasks t where m.id = taken.id and t.workflow_id = m.workflow_id
        returning is_disabled, m.id, m.workflow_id, t.company_id as company, m.company_id, m.endpoint, m.url, m.payload,
            m.attempts, m.created_at, m.owner, m.epoch,
            coalesce(extract(epoch from now() - m.first_attempt_at), 0)::float8 as elapsed
        """
    }
}
