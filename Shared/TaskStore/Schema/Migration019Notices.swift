extension Migration {
    /// What a workflow is told by others. It takes the notices in itself, so that nobody locks two workflows.
    ///
    /// A notice names its workflow without a foreign key, which would have the teller lock that workflow's row.
    static let notices = Migration(
        version: 19, name: "notices",
        script: """
            create table notices (
                workflow_id uuid not null,
                id bigint generated always as identity,
                kind text not null check (kind in ('dependency')),
                created_at timestamptz not null default clock_timestamp(),
                primary key (workflow_id, id)
            );
            -- Whoever waits looks again: what the version before settled at once may have been cut off by this one.
            insert into notices (workflow_id, kind)
                select distinct workflow_id, 'dependency' from dependencies join tasks t using (workflow_id)
                where t.finished_at is null;
            """)
}
