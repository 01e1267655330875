import Contracts
import Database

extension QueryList {
    /// The processes of the services: what each runs, as its leases say, and what it did and failed at in the last 24
    /// hours, as the record says, 10000 of each at most. One that is not seen any more is `gone`.
    static let replicas = QueryList(
        what: "replicas", scopes: [.platform],
        columns: """
            p.owner::text as owner, p.service, p.name, p.version, p.places, p.started_at, p.seen_at,
            case when p.seen_at < now() - \(Replica.patience) then 'gone' else p.state end as status,
            case when p.wanted <> 'run' then p.wanted end as wanted, p.wanted_by, p.wanted_at, held.runs,
            (select count(*) from (select from stage_runs r where r.finished_by = p.owner and \(recently("r.finished_at"))
                limit 10000) done) as finished,
            (select count(*) from (select from run_failures f where f.owner = p.owner and \(recently("f.at"))
                limit 10000) missed) as failed,
            (select f.error from run_failures f where f.owner = p.owner order by f.at desc limit 1) as last_error
            """,
        source: """
            replicas p cross join lateral (
                select coalesce(jsonb_agg(jsonb_build_object('workflow_id', r.workflow_id, 'company_id', r.company_id,
                    'project_id', t.project_id, 'task_id', t.task_id, 'kind', r.kind,
                    'since', to_char(r.claimed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                    order by r.claimed_at), '[]') as runs
                from stage_runs r join tasks t using (workflow_id)
                where r.state = 'leased' and \(RunSlot.isStep()) and r.owner = p.owner
            ) held
            """,
        place: { _ in "true" }, order: [.time("p.started_at"), .uuid("p.owner")],
        filters: [
            .among("service", "p.service", of: ServiceKind.allCases.map(\.rawValue)),
            .identifier("name", "p.name"),
        ], mostItems: 50)

    private static func recently(_ time: SQL) -> SQL { "\(time) > now() - interval '24 hours'" }
}
