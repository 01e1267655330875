extension Migration {
    /// One row per workflow, and the invariants of its states.
    static let tasks = Migration(
        version: 1, name: "tasks",
        script: """
            create domain safe_id as text check (value ~ '^[A-Za-z0-9_-]{1,64}$');
            create domain object_id as text check (value ~ '^[0-9a-f]{40}([0-9a-f]{24})?$');
            create domain stage_name as text check (value in ('plan', 'implementation', 'validation', 'push'));
            create domain task_status as text check (value in (
                'queued', 'running', 'paused', 'awaiting_approval',
                'completed', 'completed_no_changes', 'validation_failed', 'budget_exhausted', 'iterations_exhausted',
                'stuck', 'timed_out', 'cancelled', 'skipped', 'rejected', 'push_rejected', 'model_unavailable',
                'repository_unavailable', 'internal_error'));

            create table tasks (
                workflow_id uuid primary key,
                company_id safe_id not null,
                project_id safe_id not null,
                task_id safe_id not null,
                trace_id text not null check (trace_id ~ '^[0-9a-f]{32}$'),
                request jsonb not null,
                content_hash text not null,
                priority integer not null check (priority between 1 and 10),
                status task_status not null,
                stage stage_name not null,
                round integer not null default 0 check (round >= 0),
                generation integer not null default 0 check (generation >= 0),
                last_seq bigint not null default 0 check (last_seq >= 0),
                branch_name text,
                base_commit object_id,
                head_commit object_id,
                head_tree object_id,
                commit_hash object_id,
                plan jsonb,
                validation jsonb,
                evidence jsonb,
                evidence_signature text,
                summary text,
                commit_message text,
                result jsonb,
                error_message text,
                llm_calls bigint not null default 0 check (llm_calls >= 0),
                prompt_tokens bigint not null default 0 check (prompt_tokens >= 0),
                completion_tokens bigint not null default 0 check (completion_tokens >= 0),
                cost_usd numeric(20, 10) not null default 0 check (cost_usd >= 0),
                max_cost_usd numeric(20, 10) check (max_cost_usd >= 0),
                steps_completed integer not null default 0 check (steps_completed >= 0),
                files_changed integer not null default 0 check (files_changed >= 0),
                insertions integer not null default 0 check (insertions >= 0),
                deletions integer not null default 0 check (deletions >= 0),
                sandbox text,
                cancel_requested boolean not null default false,
                pause_requested boolean not null default false,
                timeout_seconds integer not null check (timeout_seconds > 0),
                paused_seconds double precision not null default 0 check (paused_seconds >= 0),
                created_at timestamptz not null default now(),
                started_at timestamptz,
                deadline_at timestamptz not null,
                paused_at timestamptz,
                approved_at timestamptz,
                finished_at timestamptz,
                unique (company_id, project_id, task_id),
                constraint terminal_has_end check (
                    (status in ('queued', 'running', 'paused', 'awaiting_approval')) = (finished_at is null)),
                constraint terminal_has_result check ((finished_at is null) = (result is null)),
                constraint result_has_status check (result is null or result ->> 'status' = status),
                constraint paused_has_time check ((status = 'paused') = (paused_at is not null)),
                constraint flags_need_owner check (not (cancel_requested or pause_requested) or status = 'running'),
                constraint running_was_started check (status <> 'running' or started_at is not null),
                constraint evidence_is_signed check ((evidence is null) = (evidence_signature is null)),
                constraint head_has_tree check ((head_commit is null) = (head_tree is null)),
                constraint completed_has_evidence check (
                    status <> 'completed' or (stage = 'push' and evidence is not null)),
                constraint credentials_are_closed check (
                    request #>> '{repository,credentials,credential_type}' in ('none', 'sealed')),
                constraint request_names_task check (request #>> '{task,id}' = task_id)
            ) with (fillfactor = 70);

            create index tasks_by_age on tasks (created_at desc);
            -- Two tasks of one repository never share a branch; the planner takes another name where one is taken.
            create unique index tasks_branch on tasks (company_id, (request #>> '{repository,remote_url}'), branch_name);
            create index tasks_by_deadline on tasks (deadline_at) where finished_at is null;
            create index tasks_by_end on tasks (finished_at) where finished_at is not null;

            create function refuse_history_change() returns trigger language plpgsql as $$
            begin
                raise exception 'the history of a workflow does not change' using errcode = 'check_violation',
                    constraint = tg_name;
            end $$;

            create trigger end_is_final before update on tasks for each row
                when (old.finished_at is not null and new.status <> old.status and new.generation <= old.generation)
                execute function refuse_history_change();
            create trigger seq_only_grows before update on tasks for each row
                when (new.last_seq < old.last_seq) execute function refuse_history_change();
            """)
}
