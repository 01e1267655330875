extension Migration {
    /// What stages did, the work trees they left, and messages for the model.
    static let journal = Migration(
        version: 3, name: "journal",
        script: """
            create table journal (
                workflow_id uuid not null references tasks on delete cascade,
                stage stage_name not null,
                round integer not null,
                generation integer not null,
                step integer not null check (step >= 0),
                kind text not null check (kind <> ''),
                name text not null,
                request_hash text not null,
                state text not null check (state in ('intent', 'done')),
                result jsonb,
                epoch bigint not null check (epoch > 0),
                started_at timestamptz not null default clock_timestamp(),
                finished_at timestamptz,
                primary key (workflow_id, stage, round, generation, step),
                constraint done_has_result check ((state = 'done') = (result is not null)),
                constraint done_has_time check ((state = 'done') = (finished_at is not null))
            );
            create trigger done_step_is_final before update on journal for each row
                when (old.state = 'done') execute function refuse_history_change();

            create table checkpoints (
                workflow_id uuid not null references tasks on delete cascade,
                ordinal integer not null check (ordinal > 0),
                stage stage_name not null,
                round integer not null,
                generation integer not null,
                step integer not null,
                commit object_id not null,
                tree object_id not null,
                base object_id not null,
                pack bytea not null,
                created_at timestamptz not null default clock_timestamp(),
                primary key (workflow_id, ordinal)
            );
            alter table checkpoints alter column pack set storage external;

            create table steering (
                id bigint generated always as identity primary key,
                workflow_id uuid not null references tasks on delete cascade,
                message text not null check (message <> ''),
                created_at timestamptz not null default clock_timestamp(),
                taken_at timestamptz
            );
            create index steering_waiting on steering (workflow_id, id) where taken_at is null;

            create table discoveries (
                id uuid primary key,
                workflow_id uuid not null references tasks on delete cascade,
                company_id safe_id not null,
                project_id safe_id not null,
                content text not null,
                tags text[] not null default '{}',
                created_at timestamptz not null default clock_timestamp()
            );
            create index discoveries_by_project on discoveries (company_id, project_id, created_at desc);
            """)
}
