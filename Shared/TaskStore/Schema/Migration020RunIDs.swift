extension Migration {
    /// A run has an id, and what hangs on a run refers to that alone: a step of a journal costs less, and what will be a
    /// run without a round or a generation can have a journal, a lease and what it holds all the same. What a run is a run
    /// of stays unique.
    ///
    /// Replicas of the version before that still run lose what they hold, as if they had been silent for a lease, and claim
    /// nothing more: a claim reads the journal by columns that are gone.
    ///
    /// Each table is gone through once; the journal is copied, as no row of it stays as it is.
    static let runIDs = Migration(
        version: 20, name: "run ids",
        script: """
            \(lock("tasks, stage_runs, journal, checkpoints"))

            update stage_runs set owner = gen_random_uuid(), lease_until = now() where state = 'leased';

            alter table stage_runs
                drop constraint stage_runs_pkey,
                add column id bigint generated always as identity primary key,
                add constraint stage_runs_of_workflow unique (workflow_id, stage, round, generation);

            alter table journal rename to journal_before;
            create table journal (
                run_id bigint not null,
                epoch bigint not null check (epoch > 0),
                started_at timestamptz not null default clock_timestamp(),
                finished_at timestamptz,
                step integer not null check (step >= 0),
                kind text not null check (kind <> ''),
                name text not null,
                request_hash text not null,
                state text not null check (state in ('intent', 'done')),
                result jsonb,
                constraint done_has_result check ((state = 'done') = (result is not null)),
                constraint done_has_time check ((state = 'done') = (finished_at is not null))
            );
            insert into journal
                select r.id, j.epoch, j.started_at, j.finished_at, j.step, j.kind, j.name, j.request_hash, j.state, j.result
                from journal_before j join stage_runs r using (workflow_id, stage, round, generation);
            drop table journal_before;
            alter table journal
                add primary key (run_id, step),
                add foreign key (run_id) references stage_runs on delete cascade;
            create trigger done_step_is_final before update on journal for each row
                when (old.state = 'done') execute function refuse_history_change();

            -- They go with their workflow, whose chain they are; the run tells who made them.
            alter table checkpoints add column run_id bigint;
            update checkpoints c set run_id = r.id from stage_runs r
                where r.workflow_id = c.workflow_id and r.stage = c.stage and r.round = c.round
                    and r.generation = c.generation;
            alter table checkpoints alter column run_id set not null,
                drop column stage, drop column round, drop column generation;
            """)
}
