import Contracts
import Database

extension QueryList {
    /// What ended in each of the last 24 hours of the clock, and in all of them (`period` is `day`): how many tasks, how
    /// they ended, what they cost and how long they took from submission to end. 50000 of a period at most, the last
    /// ones; sub-tasks count with those that they are of. What a person ended is in `ended` alone.
    static let performance = QueryList(
        what: "performance", scopes: [.platform, .company],
        columns: """
            h.period, h.since, h.until, h.ended, h.succeeded, h.failed, h.cost_usd, h.median_seconds, h.p95_seconds
            """,
        counting: { place in
            """
            (
                select periods.period, periods.since, periods.until, done.*
                from (
                    select 'hour' as period, since, since + interval '1 hour' as until
                    from generate_series(\(hour) - interval '23 hours', \(hour), interval '1 hour') since
                    union all select 'day', \(hour) - interval '23 hours', \(hour) + interval '1 hour'
                ) periods
                cross join lateral (
                    select count(*) as ended, count(*) filter (where t.status in (\(successes))) as succeeded,
                        count(*) filter (where t.status not in (\(others))) as failed,
                        coalesce(sum(t.cost_usd), 0)::float8 as cost_usd,
                        percentile_cont(0.5) within group (order by t.seconds) as median_seconds,
                        percentile_cont(0.95) within group (order by t.seconds) as p95_seconds
                    from (
                        select t.status, t.cost_usd,
                            extract(epoch from t.finished_at - t.created_at)::float8 as seconds
                        from tasks t where t.finished_at is not null and t.finished_at >= periods.since
                            and t.finished_at < periods.until and t.parent is null
                            and \(place.holds(company: "t.company_id", project: "null", task: "null"))
                        order by t.finished_at desc limit 50000
                    ) t
                ) done
            ) h
            """
        },
        place: { _ in "true" }, order: [.time("h.since"), .text("h.period")], filters: [])

    private static let hour: SQL = "date_trunc('hour', now())"
    private static let successes: SQL = "'completed', 'completed_no_changes'"
    private static let others: SQL = "\(successes), 'cancelled', 'skipped', 'rejected'"
}
