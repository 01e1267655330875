extension Migration {
    /// The runs of stages, which are the queue, and what a task waits for.
    ///
    /// `rank` orders the ready runs of a company: the workflow's age, with ten minutes for each step of priority, so
    /// that waiting counts and nothing starves. `held` runs wait for a person or for other tasks.
    static let queue = Migration(
        version: 2, name: "queue",
        script: """
            create table stage_runs (
                workflow_id uuid not null references tasks on delete cascade,
                stage stage_name not null,
                round integer not null check (round >= 0),
                generation integer not null check (generation >= 0),
                state text not null check (state in ('held', 'ready', 'leased', 'done', 'cancelled')),
                company_id safe_id not null,
                rank timestamptz not null,
                owner uuid,
                epoch bigint not null default 0 check (epoch >= 0),
                lease_until timestamptz,
                run_at timestamptz not null default now(),
                attempts integer not null default 0 check (attempts >= 0),
                announced_at timestamptz,
                last_error text,
                created_at timestamptz not null default now(),
                finished_at timestamptz,
                primary key (workflow_id, stage, round, generation),
                constraint lease_has_owner check ((state = 'leased') = (owner is not null)),
                constraint lease_has_end check ((owner is null) = (lease_until is null)),
                constraint lease_has_epoch check (state <> 'leased' or epoch > 0),
                constraint end_has_time check ((state in ('done', 'cancelled')) = (finished_at is not null))
            ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

            create unique index stage_runs_one_open on stage_runs (workflow_id)
                where state in ('held', 'ready', 'leased');
            create index stage_runs_ready on stage_runs (stage, company_id, rank) where state = 'ready';
            create index stage_runs_leased on stage_runs (stage, lease_until) where state = 'leased';

            create trigger epoch_only_grows before update on stage_runs for each row
                when (new.epoch < old.epoch) execute function refuse_history_change();
            create trigger closed_run_is_final before update on stage_runs for each row
                when (old.finished_at is not null) execute function refuse_history_change();

            create table dependencies (
                workflow_id uuid not null references tasks on delete cascade,
                company_id safe_id not null,
                project_id safe_id not null,
                task_id safe_id not null,
                depends_on safe_id not null check (depends_on <> task_id),
                primary key (workflow_id, depends_on)
            );
            create index dependencies_of_task on dependencies (company_id, project_id, task_id);
            create index dependencies_on_task on dependencies (company_id, project_id, depends_on);
            """)
}
