extension Migration {
    /// A webhook's delivery is a run of its workflow, in a slot of its own: one queue, one kind of lease. The message and
    /// the ledger of its attempts stay where they are; `disabled` is a run that was cancelled.
    ///
    /// A message opens its delivery, and takes it along when it is removed. So whoever ends a workflow writes the message
    /// alone, as the version before does, and needs no right to the queue. Bridges of that version claim and record
    /// nothing more: what they had in hand is delivered again, under its id.
    static let deliveries = Migration(
        version: 22, name: "deliveries",
        script: """
            \(lock("tasks, stage_runs, webhook_messages, outbox"))

            alter table stage_runs
                add column slot text not null default 'step',
                -- Of a delivery: whose turn it takes within its company.
                add column endpoint bigint,
                alter column stage drop not null,
                alter column round drop not null,
                alter column generation drop not null,
                drop constraint stage_runs_state_check,
                drop constraint end_has_time,
                add constraint stage_runs_state_check check (
                    state in ('held', 'ready', 'leased', 'done', 'dead', 'cancelled')),
                add constraint end_has_time check ((state in ('done', 'dead', 'cancelled')) = (finished_at is not null)),
                add constraint slot_fits_kind check (case kind
                    when 'webhook' then slot <> 'step' and endpoint is not null and state <> 'held'
                        and num_nonnulls(stage, round, generation, output) = 0
                    else slot = 'step' and endpoint is null and state <> 'dead'
                        and num_nulls(stage, round, generation) = 0 end);
            -- A person may have a webhook sent again.
            drop trigger closed_run_is_final on stage_runs;
            create trigger closed_run_is_final before update on stage_runs for each row
                when (old.finished_at is not null and (old.slot = 'step' or new.epoch <= old.epoch))
                execute function refuse_history_change();

            update webhook_messages m set company_id = t.company_id from tasks t
                where t.workflow_id = m.workflow_id and m.company_id = '';
            insert into stage_runs (workflow_id, slot, kind, state, company_id, rank, endpoint, epoch, run_at, attempts,
                last_error, created_at, finished_at)
            select workflow_id, id, 'webhook', case state when 'pending' then 'ready' when 'delivered' then 'done'
                    when 'disabled' then 'cancelled' else state end,
                company_id, created_at, endpoint, epoch, next_attempt_at, attempts,
                case when state <> 'delivered' then (
                    select coalesce(a.error, 'status ' || a.status_code) from webhook_attempts a
                    where a.message_id = m.id order by a.id desc limit 1) end,
                created_at, finished_at
            from webhook_messages m order by id;

            drop trigger epoch_only_grows on webhook_messages;
            -- With the indices and constraints that name them.
            alter table webhook_messages
                alter column company_id drop default,
                drop column state, drop column attempts, drop column next_attempt_at, drop column owner,
                drop column epoch, drop column lease_until, drop column finished_at, drop column first_attempt_at;
            drop index webhook_messages_of_company;

            create function keep_delivery() returns trigger language plpgsql security definer
                set search_path from current as $$
            begin
                if tg_op = 'INSERT' then
                    insert into stage_runs (workflow_id, slot, kind, state, company_id, rank, endpoint)
                    values (new.workflow_id, new.id, 'webhook', 'ready', new.company_id, new.created_at, new.endpoint);
                else
                    delete from stage_runs where slot = old.id and kind = 'webhook';
                end if;
                return null;
            end $$;
            create trigger delivery_is_kept after insert or delete on webhook_messages for each row
                execute function keep_delivery();

            drop index stage_runs_one_open;
            create unique index stage_runs_one_open on stage_runs (slot, workflow_id)
                where state in ('held', 'ready', 'leased');
            drop index stage_runs_ready;
            create index stage_runs_ready on stage_runs (kind, company_id, rank) where state = 'ready' and slot = 'step';
            drop index stage_runs_leased;
            create index stage_runs_leased on stage_runs (kind, lease_until) where state = 'leased' and slot = 'step';
            drop index stage_runs_leased_of_company;
            create index stage_runs_leased_of_company on stage_runs (company_id)
                where state = 'leased' and slot = 'step';

            create index stage_runs_turns on stage_runs (company_id, endpoint, run_at)
                where kind = 'webhook' and state in ('ready', 'leased');
            create unique index stage_runs_deliveries on stage_runs (slot) where kind = 'webhook';
            create index stage_runs_deliveries_of_company on stage_runs (company_id, slot) where kind = 'webhook';
            create index stage_runs_undelivered on stage_runs (slot) where kind = 'webhook' and state <> 'done';
            create index stage_runs_undelivered_of_company on stage_runs (company_id, slot)
                where kind = 'webhook' and state <> 'done';
            """)
}
