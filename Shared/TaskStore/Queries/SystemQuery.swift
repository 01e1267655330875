import Contracts
import Database

extension QueryList {
    /// How much there is of everything by its status, 10000 of a part at most: open tasks and those that ended in the
    /// last 24 hours, steps to be done by their kind, webhooks that are not delivered, submissions that were refused in
    /// the last 24 hours; of the platform also replicas and messages. `since` is the time of the oldest that is counted.
    static let system = QueryList(
        what: "system", scopes: [.platform, .company], columns: "s.part, s.kind, s.status, s.count, s.since",
        counting: { place in
            let parts = SystemParts.ofPlaces(place) + (place.scope == .platform ? SystemParts.ofPlatform : [])
            return "(\(SQL.list(parts, separator: " union all "))) s"
        },
        place: { _ in "true" },
        order: [.text("s.part"), .text("coalesce(s.kind, '')"), .text("s.status")], filters: [])
}

private enum SystemParts {
    static func ofPlaces(_ place: QueryPlace) -> [SQL] {
        func holds(_ company: SQL) -> SQL { place.holds(company: company, project: "null", task: "null") }
        return [
            """
            select 'tasks'::text as part, null::text as kind, t.status::text as status, count(*) as count,
                min(t.created_at) as since
            from (
                select t.status, t.created_at from tasks t where t.finished_at is null and \(holds("t.company_id"))
                order by t.deadline_at limit 10000
            ) t group by t.status
            """,
            """
            select 'tasks', null, t.status::text, count(*), min(t.finished_at)
            from (
                select t.status, t.finished_at from tasks t
                where t.finished_at is not null and t.finished_at > now() - interval '24 hours'
                    and \(holds("t.company_id"))
                order by t.finished_at desc limit 10000
            ) t group by t.status
            """,
            """
            select 'steps', r.kind::text, r.state::text, count(*), min(r.since)
            from (
                select r.kind, r.state, case when r.state = 'leased' then r.claimed_at else r.run_at end as since
                from stage_runs r where \(OpenRun.isOpen) and \(holds("r.company_id"))
                order by r.workflow_id limit 10000
            ) r group by r.kind, r.state
            """,
            """
            select 'webhooks', null, case r.state when 'dead' then 'dead' when 'cancelled' then 'disabled'
                else 'pending' end, count(*), min(r.created_at)
            from (
                select r.state, r.created_at from stage_runs r
                where \(RunSlot.isDelivery()) and r.state <> 'done' and \(holds("r.company_id"))
                order by r.slot desc limit 10000
            ) r group by 3
            """,
            """
            select 'submissions', null, 'refused', count(*), min(r.created_at)
            from (
                select r.created_at from rejected_submissions r
                where r.created_at > now() - interval '24 hours' and \(holds("r.company_id"))
                order by r.created_at desc limit 10000
            ) r having count(*) > 0
            """,
        ]
    }

    static let ofPlatform: [SQL] = [
        """
        select 'replicas', p.service::text,
            case when p.seen_at < now() - \(Replica.patience) then 'gone' else p.state end, count(*), min(p.started_at)
        from replicas p group by 2, 3
        """,
        """
        select 'messages', null, 'unpublished', count(*), min(o.created_at)
        from (select created_at from outbox where published_at is null order by id limit 10000) o having count(*) > 0
        """,
    ]
}
