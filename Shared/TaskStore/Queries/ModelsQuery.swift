import Contracts
import Database

extension QueryList {
    /// The models that were asked: whether they answer, how long that takes, how often they do not, and for how much.
    ///
    /// Counted are the replies that journals hold and the calls that failed, of each model those of the last 24 hours,
    /// the last 10000 at most: `since` says from when on. The time of a reply is that of all tries that it took.
    static let models = QueryList(
        what: "models", scopes: [.platform],
        columns: """
            m.model, m.status, m.answers + m.failures as calls, m.failures, m.error_rate, m.latency_seconds,
            m.latency_p95_seconds, m.prompt_tokens, m.completion_tokens, m.cost_usd, m.since, m.answered_at, m.failed_at,
            m.last_error
            """,
        source: ModelUse.source, place: { _ in "true" }, order: [.time("m.last_at"), .text("m.model")], filters: [],
        mostItems: 50)
}

/// What models did of late: `m`, a row each. The indexes that are read begin with the model, and then with the time, the
/// newest first: from one model they lead to the next and its last call, and none is looked for among those of others.
enum ModelUse {
    static let source: SQL = """
        (
            with recursive answering as (
                (
                    select j.model, j.finished_at as at from journal j where j.model is not null
                    order by j.model, j.finished_at desc limit 1
                )
                union all
                select next.* from answering a cross join lateral (
                    select j.model, j.finished_at as at from journal j where j.model > a.model
                    order by j.model, j.finished_at desc limit 1
                ) next
            ), failing as (
                (
                    select f.model, f.at, concat(f.code, ': ', f.error) as error from model_failures f
                    order by f.model, f.at desc limit 1
                )
                union all
                select next.* from failing a cross join lateral (
                    select f.model, f.at, concat(f.code, ': ', f.error) as error from model_failures f
                    where f.model > a.model order by f.model, f.at desc limit 1
                ) next
            ), named as (
                select model, a.at as answered_at, f.at as failed_at, f.error as last_error
                from (select * from answering limit 100) a full join (select * from failing limit 100) f using (model)
            )
            select n.*, greatest(n.answered_at, n.failed_at) as last_at, least(done.since, missed.since) as since,
                done.answers, missed.failures, \(errorRate) as error_rate, done.latency_seconds,
                done.latency_p95_seconds, done.prompt_tokens, done.completion_tokens, done.cost_usd,
                \(status) as status
            from named n cross join lateral (\(answers)) done cross join lateral (\(failures)) missed
        ) m
        """

    private static let answers: SQL = """
        select count(*) as answers, min(j.finished_at) as since,
            percentile_cont(0.5) within group (order by j.seconds) as latency_seconds,
            percentile_cont(0.95) within group (order by j.seconds) as latency_p95_seconds,
            coalesce(sum(j.prompt_tokens), 0)::bigint as prompt_tokens,
            coalesce(sum(j.completion_tokens), 0)::bigint as completion_tokens,
            coalesce(sum(j.cost_usd), 0)::float8 as cost_usd
        from (
            select j.finished_at, date_part('epoch', j.finished_at - j.started_at) as seconds, j.prompt_tokens,
                j.completion_tokens, j.cost_usd
            from journal j where j.model = n.model and j.finished_at > now() - interval '24 hours'
            order by j.finished_at desc limit 10000
        ) j
        """

    /// In the time whose answers are counted.
    private static let failures: SQL = """
        select count(*) as failures, min(f.at) as since
        from (
            select f.at from model_failures f where f.model = n.model and f.at > now() - interval '24 hours'
                and (done.answers < 10000 or f.at >= done.since)
            order by f.at desc limit 10000
        ) f
        """

    private static let errorRate: SQL = """
        case when done.answers + missed.failures > 0
            then missed.failures::float8 / (done.answers + missed.failures) end
        """

    /// One that failed last, and had not answered for five minutes then, does not answer.
    private static let status: SQL = """
        case when done.answers + missed.failures = 0 then 'unknown'
            when n.failed_at > coalesce(n.answered_at, '-infinity') + interval '5 minutes' then 'unavailable'
            when n.failed_at > n.answered_at or missed.failures * 5 >= done.answers + missed.failures then 'degraded'
            else 'available' end
        """
}
