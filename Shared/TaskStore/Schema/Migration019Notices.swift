extension Migration {
    /// Workflows may be children of another, and a workflow is told things by others. It takes these notices in itself, so
    /// that nobody locks two workflows.
    ///
    /// A notice names its workflow without a foreign key, which would have the teller lock that workflow's row.
    static let notices = Migration(
        version: 19, name: "notices",
        script: """
            create table notices (
                workflow_id uuid not null,
                id bigint generated always as identity,
                kind text not null check (kind in ('look', 'dependency', 'parent', 'started', 'ended')),
                -- Of a child that started or ended.
                child_key safe_id,
                child_task safe_id,
                child_status task_status,
                created_at timestamptz not null default clock_timestamp(),
                primary key (workflow_id, id),
                constraint child_is_named check ((kind in ('started', 'ended'))
                    = (child_key is not null and child_task is not null and child_status is not null))
            );
            -- The request of a child holds what differs from the one of its first ancestor, by section.
            alter table tasks add column parent uuid;
            alter table tasks add column child_key safe_id;
            alter table tasks add column ancestors uuid[] not null default '{}';
            alter table tasks add column children integer not null default 0 check (children >= 0);
            alter table tasks add constraint child_has_key check ((parent is null) = (child_key is null)
                and parent is not distinct from ancestors[cardinality(ancestors)]);
            create unique index tasks_of_parent on tasks (parent, child_key) where parent is not null;
            -- Until when a step waits, and the lease during which its workflow was told of an end.
            alter table stage_runs add column wakes_at timestamptz;
            alter table stage_runs add column told_in bigint;
            create index stage_runs_waiting on stage_runs (wakes_at) where state = 'held' and wakes_at is not null;
            -- Whoever waits looks again: what the version before settled at once may have been cut off by this one.
            insert into notices (workflow_id, kind)
                select distinct workflow_id, 'look' from dependencies join tasks t using (workflow_id)
                where t.finished_at is null;
            """)
}
