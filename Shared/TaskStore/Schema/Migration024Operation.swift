extension Migration {
    /// What people who run the platform see and hold: its processes and what they failed at, pauses and the reports of
    /// checkpoints, log lines.
    static let operation = Migration(
        version: 24, name: "operation",
        script: """
            \(lock("tasks, stage_runs, outbox, journal, catalogue"))

            create table replicas (
                owner uuid primary key,
                service text not null check (service ~ '^[a-z-]{1,40}$'),
                name safe_id not null,
                version text not null,
                places integer check (places > 0),
                state text not null check (state in ('running', 'paused', 'draining', 'restarting')),
                started_at timestamptz not null default now(),
                seen_at timestamptz not null default now(),
                wanted text not null default 'run' check (wanted in ('run', 'pause', 'drain', 'restart')),
                wanted_by text,
                wanted_at timestamptz
            ) with (fillfactor = 50);

            -- Who brought a run to its end. The owner of its lease is gone by then.
            alter table stage_runs add column finished_by uuid;
            create index stage_runs_finished_by on stage_runs (finished_by, finished_at) where finished_by is not null;

            -- A try of a run that failed, and whose it was; `ended` where the workflow ended with it.
            create table run_failures (
                id bigint generated always as identity primary key,
                run_id bigint not null references stage_runs on delete cascade,
                company_id safe_id not null,
                owner uuid not null,
                kind text not null,
                error text not null,
                ended boolean not null,
                at timestamptz not null default now()
            );
            create index run_failures_by_age on run_failures (at);
            create index run_failures_of_owner on run_failures (owner, at desc);

            create table reports (
                id uuid primary key,
                -- '*' is the platform.
                company_id text not null check (company_id = '*' or company_id ~ '^[A-Za-z0-9_-]{1,64}$'),
                since timestamptz not null,
                until timestamptz not null,
                markdown text not null,
                figures jsonb not null,
                created_by text not null,
                created_at timestamptz not null default now()
            );
            create index reports_by_age on reports (created_at desc, id desc);
            create index reports_of_company on reports (company_id, created_at desc, id desc);

            -- A time in which nothing new is claimed. `going` is one that is over.
            create table pauses (
                id uuid primary key,
                company_id text not null check (company_id = '*' or company_id ~ '^[A-Za-z0-9_-]{1,64}$'),
                standing text not null check (standing in ('paused', 'halting', 'reached', 'going')),
                paused_by text not null,
                paused_at timestamptz not null default now(),
                report_id uuid references reports,
                reached_at timestamptz,
                resumed_by text,
                resumed_at timestamptz,
                constraint end_is_whole check ((standing = 'going') = (resumed_at is not null)
                    and (resumed_at is null) = (resumed_by is null)),
                constraint reached_has_report check (standing <> 'reached' or report_id is not null),
                constraint report_has_time check ((report_id is null) = (reached_at is null))
            );
            create unique index pauses_in_force on pauses (company_id) where resumed_at is null;
            create index pauses_by_age on pauses (paused_at desc, id desc);
            create index pauses_of_company on pauses (company_id, paused_at desc, id desc);

            -- Lines are recorded one batch after the other, so that no lower id comes later than a higher one.
            create table execution_logs (
                id bigint generated always as identity primary key,
                timestamp timestamptz not null,
                recorded_at timestamptz not null default clock_timestamp(),
                level text not null
                    check (level in ('trace', 'debug', 'info', 'notice', 'warning', 'error', 'critical')),
                service text not null,
                replica text not null,
                message text not null,
                facts jsonb not null default '{}',
                workflow_id uuid,
                company_id safe_id,
                project_id safe_id,
                task_id safe_id
            );
            create index execution_logs_by_age on execution_logs (recorded_at, id);
            create index execution_logs_of_service on execution_logs (service, id);
            create index execution_logs_warnings on execution_logs (id) where level in ('warning', 'error', 'critical');
            create index execution_logs_of_company on execution_logs (company_id, id) where company_id is not null;
            create index execution_logs_of_project on execution_logs (company_id, project_id, id)
                where company_id is not null;
            create index execution_logs_of_task on execution_logs (company_id, project_id, task_id, id)
                where company_id is not null;
            """)
}
