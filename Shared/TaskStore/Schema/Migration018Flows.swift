extension Migration {
    /// A workflow keeps its flow, and no list of kinds of steps is part of the schema. Workflows that were recorded before
    /// have none: theirs follows from the request.
    static let flows = Migration(
        version: 18, name: "flows",
        script: """
            alter table tasks add column flow jsonb;
            -- Where it is not the step's name.
            alter table stage_runs add column kind text check (kind ~ '^[a-z_]{1,40}$');

            alter domain stage_name drop constraint stage_name_check;
            alter domain stage_name add constraint stage_name_check check (value ~ '^[a-z_]{1,40}$');
            -- Which step may complete a workflow is its flow's to say.
            alter table tasks drop constraint completed_has_evidence;
            alter table tasks add constraint completed_has_evidence check (
                status <> 'completed' or evidence is not null);

            drop index stage_runs_ready;
            drop index stage_runs_leased;
            create index stage_runs_ready on stage_runs (coalesce(kind, stage), company_id, rank) where state = 'ready';
            create index stage_runs_leased on stage_runs (coalesce(kind, stage), lease_until) where state = 'leased';
            """)
}
