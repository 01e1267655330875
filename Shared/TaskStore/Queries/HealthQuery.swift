import Contracts
import Database

extension QueryList {
    /// Whether each part works, as the record says: an item a service, by its replicas, and one each for bus, database,
    /// models and queue. `since` is since when it is so: for what waits since the oldest waits.
    static let health = QueryList(
        what: "health", scopes: [.platform], columns: "h.part, h.ok, h.detail, h.since",
        source: """
            (
                \(HealthParts.services) union all \(HealthParts.bus) union all \(HealthParts.database)
                union all \(HealthParts.models) union all \(HealthParts.queue)
            ) h
            """,
        place: { _ in "true" }, order: [.text("h.part")], filters: [])
}

private enum HealthParts {
    /// Without which no task ends.
    private static let needed = ServiceKind.allCases.filter { !$0.row.kinds.isEmpty || $0.row.keepsWorkflows }
        .map(\.rawValue)

    static let services: SQL = """
        select s.service::text as part, s.live > 0 as ok,
            concat(s.live, ' of ', s.known, ' live', case when s.paused > 0 then concat(', ', s.paused, ' paused') end)
                as detail, s.since
        from (
            select named.service, count(p.owner) as known, count(p.owner) filter (where p.is_live) as live,
                count(p.owner) filter (where p.is_live and p.state = 'paused') as paused,
                coalesce(min(p.started_at) filter (where p.is_live), max(p.seen_at)) as since
            from (select unnest(\(needed)) as service union select service from replicas) named
            left join (
                select owner, service, state, started_at, seen_at, seen_at > now() - \(Replica.patience) as is_live
                from replicas
            ) p on p.service = named.service
            group by named.service
        ) s
        """

    /// Messages that nobody published yet: the relay takes those that a crash left within seconds.
    static let bus: SQL = """
        select 'bus', coalesce(min(o.created_at) > now() - interval '1 minute', true),
            concat(case count(*) when 1000 then '1000 or more' else count(*)::text end, ' unpublished'),
            min(o.created_at)
        from (select created_at from outbox where published_at is null order by id limit 1000) o
        """

    static let database: SQL = """
        select 'database', true, concat('PostgreSQL ', current_setting('server_version')), pg_postmaster_start_time()
        """

    static let models: SQL = """
        select 'models', count(*) filter (where m.status = 'unavailable') = 0,
            concat(count(*) filter (where m.status in ('available', 'degraded')), ' of ',
                count(*) filter (where m.status <> 'unknown'), ' answer'),
            max(m.failed_at) filter (where m.status = 'unavailable')
        from \(ModelUse.source)
        """

    /// What is ready is to begin soon, unless the platform is paused.
    static let queue: SQL = """
        select 'queue', coalesce(min(r.run_at) > now() - interval '15 minutes', true)
                or exists (select from pauses p where p.company_id = '*' and p.resumed_at is null),
            concat(case count(*) when 1000 then '1000 or more' else count(*)::text end, ' ready'), min(r.run_at)
        from (
            select run_at from stage_runs r where r.state = 'ready' and \(RunSlot.isStep()) and r.run_at <= now()
            order by r.kind, r.company_id, r.rank limit 1000
        ) r
        """
}
