extension Migration {
    /// A workflow keeps its flow, a run what it came to, and no list of kinds of steps is part of the schema.
    ///
    /// What earlier versions recorded is carried over: the flow follows from the request, the outputs from the columns of
    /// the workflow. Tasks that have succeeded have their result, and need neither.
    static let flows = Migration(
        version: 18, name: "flows",
        script: """
            alter domain stage_name drop constraint stage_name_check;
            alter domain stage_name add constraint stage_name_check check (value ~ '^[a-z_]{1,40}$');

            alter table tasks add column flow jsonb;
            update tasks set flow = jsonb_build_object('name', 'task', 'steps', jsonb_build_array(
                jsonb_build_object('name', 'plan', 'kind', 'plan', 'next', jsonb_build_object(
                    'succeeded', jsonb_strip_nulls(jsonb_build_object('to', 'implementation', 'approval',
                        case when request #>> '{delivery,approval}' = 'plan' then 'plan' end)))),
                jsonb_build_object('name', 'implementation', 'kind', 'implementation', 'next', jsonb_build_object(
                    'succeeded', jsonb_build_object('to', 'validation'))),
                jsonb_build_object('name', 'validation', 'kind', 'validation', 'next', jsonb_build_object(
                    'succeeded', jsonb_strip_nulls(jsonb_build_object('to', 'push', 'approval',
                        case when request #>> '{delivery,approval}' = 'push' then 'push' end)),
                    'unchanged', jsonb_build_object('end', 'completed_no_changes'),
                    'failed', jsonb_build_object('to', 'implementation', 'end', 'validation_failed',
                        'most', coalesce((request #>> '{validation,max_repair_rounds}')::integer, 3)),
                    'unrepairable', jsonb_build_object('end', 'validation_failed'))),
                jsonb_build_object('name', 'push', 'kind', 'push', 'next', jsonb_build_object(
                    'succeeded', jsonb_build_object('end', 'completed'),
                    'unchanged', jsonb_build_object('end', 'completed_no_changes'),
                    'stale', jsonb_build_object('afresh', 'validation')))))
                where status not in ('completed', 'completed_no_changes');
            alter table tasks add constraint open_has_flow check (finished_at is not null or flow is not null);

            alter table stage_runs disable trigger user;
            alter table stage_runs add column kind text check (kind ~ '^[a-z_]{1,40}$');
            alter table stage_runs add column output jsonb;
            update stage_runs set kind = stage;
            alter table stage_runs alter column kind set not null;
            update stage_runs r set output = last.output
            from tasks t cross join lateral (
                select distinct on (stage) stage, round, generation, case stage
                    when 'plan' then jsonb_build_object('plan', t.plan)
                    when 'implementation' then jsonb_strip_nulls(jsonb_build_object(
                        'summary', t.summary, 'commit_message', t.commit_message))
                    when 'validation' then jsonb_build_object('result', t.validation, 'signed',
                        jsonb_build_object('evidence', t.evidence, 'signature', t.evidence_signature)) end as output
                from stage_runs past
                where past.workflow_id = t.workflow_id and past.state = 'done' and case stage
                    when 'plan' then t.plan is not null
                    when 'implementation' then t.summary is not null
                    when 'validation' then t.validation is not null and t.evidence is not null end
                order by stage, round desc, generation desc
            ) last
            where t.status not in ('completed', 'completed_no_changes') and r.workflow_id = t.workflow_id
                and (r.stage, r.round, r.generation) = (last.stage, last.round, last.generation);
            alter table stage_runs enable trigger user;

            -- With the constraints that name them.
            alter table tasks drop column plan, drop column validation, drop column evidence,
                drop column evidence_signature, drop column summary, drop column commit_message;
            create function require_evidence() returns trigger language plpgsql as $$
            begin
                if not exists (select from stage_runs where workflow_id = new.workflow_id
                    and output #>> '{signed,signature}' <> '') then
                    raise exception 'a workflow completes with evidence of its validation'
                        using errcode = 'check_violation', constraint = tg_name;
                end if;
                return new;
            end $$;
            create trigger completed_has_evidence before update on tasks for each row
                when (new.status = 'completed' and old.status <> 'completed') execute function require_evidence();

            drop index stage_runs_ready;
            drop index stage_runs_leased;
            create index stage_runs_ready on stage_runs (kind, company_id, rank) where state = 'ready';
            create index stage_runs_leased on stage_runs (kind, lease_until) where state = 'leased';
            """)
}
