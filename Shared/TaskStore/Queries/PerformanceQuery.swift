import Contracts
import Database

extension QueryList {
    /// What ended in each of the last 24 hours of the clock, and in all of them (`period` is `day`): how many tasks, how
    /// they ended, what they cost and how long they took from submission to end. Sub-tasks count with those that they are
    /// of; what a person ended is in `ended` alone.
    ///
    /// Counted are the last 10000: where there were more, the hours before are not there, and the day begins later.
    static let performance = QueryList(
        what: "performance", scopes: [.platform, .company],
        columns: """
            h.period, h.since, h.until, h.ended, h.succeeded, h.failed, h.cost_usd, h.median_seconds, h.p95_seconds
            """,
        counting: { place in
            """
            (
                with ended as materialized (
                    select t.status, t.cost_usd, t.finished_at, date_trunc('hour', t.finished_at) as hour,
                        date_part('epoch', t.finished_at - t.created_at) as seconds
                    from tasks t where t.finished_at is not null and t.finished_at >= \(start) and t.parent is null
                        and \(place.holds(company: "t.company_id", project: "null", task: "null"))
                    order by t.finished_at desc limit 10000
                ), counted as (
                    select case count(*) when 10000 then min(hour) + interval '1 hour' else \(start) end as since
                    from ended
                )
                select case grouping(p.since) when 1 then 'day' else 'hour' end as period, min(p.since) as since,
                    max(p.since) + interval '1 hour' as until, count(e.hour) as ended,
                    count(*) filter (where e.status in (\(successes))) as succeeded,
                    count(*) filter (where e.status not in (\(others))) as failed,
                    coalesce(sum(e.cost_usd), 0)::float8 as cost_usd,
                    percentile_cont(0.5) within group (order by e.seconds) as median_seconds,
                    percentile_cont(0.95) within group (order by e.seconds) as p95_seconds
                from (select \(start) + n * interval '1 hour' as since from generate_series(0, 23) n) p
                join counted on p.since >= counted.since left join ended e on e.hour = p.since
                group by grouping sets ((p.since), ()) having count(p.since) > 0
            ) h
            """
        },
        place: { _ in "true" }, order: [.time("h.since"), .text("h.period")], filters: [])

    private static let start: SQL = "date_trunc('hour', now()) - interval '23 hours'"
    private static let successes: SQL = "'completed', 'completed_no_changes'"
    private static let others: SQL = "\(successes), 'cancelled', 'skipped', 'rejected'"
}
