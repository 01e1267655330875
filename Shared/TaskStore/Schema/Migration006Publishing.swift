extension Migration {
    /// A message can be known to be stored without its place; what is kept of ended tasks; limits of companies.
    static let publishing = Migration(
        version: 6, name: "publishing",
        script: """
            alter table outbox drop constraint published_has_sequence;
            alter table outbox add constraint sequence_needs_publishing check (
                stream_sequence is null or published_at is not null);

            alter table tasks add column work_removed_at timestamptz;
            create index tasks_with_work on tasks (finished_at)
                where finished_at is not null and work_removed_at is null;

            create table company_limits (
                company_id text primary key check (company_id = '*' or company_id ~ '^[A-Za-z0-9_-]{1,64}$'),
                max_running integer not null check (max_running > 0)
            );
            create index stage_runs_leased_of_company on stage_runs (company_id) where state = 'leased';
            """)
}
