extension Migration {
    /// Webhook messages, each attempt to deliver them, and endpoints that want no more.
    static let webhooks = Migration(
        version: 5, name: "webhooks",
        script: """
            create table webhook_messages (
                id text primary key check (id ~ '^[A-Za-z0-9_-]{1,128}$'),
                workflow_id uuid not null references tasks on delete cascade,
                url text,
                payload text not null,
                state text not null default 'pending' check (state in ('pending', 'delivered', 'dead', 'disabled')),
                attempts integer not null default 0 check (attempts >= 0),
                next_attempt_at timestamptz not null default now(),
                owner uuid,
                epoch bigint not null default 0 check (epoch >= 0),
                lease_until timestamptz,
                created_at timestamptz not null default now(),
                finished_at timestamptz,
                constraint lease_has_owner check ((owner is null) = (lease_until is null)),
                constraint lease_is_pending check (owner is null or state = 'pending'),
                constraint end_has_time check ((state = 'pending') = (finished_at is null))
            );
            create index webhook_messages_due on webhook_messages (next_attempt_at) where state = 'pending';
            create index webhook_messages_of_workflow on webhook_messages (workflow_id);
            create trigger epoch_only_grows before update on webhook_messages for each row
                when (new.epoch < old.epoch) execute function refuse_history_change();

            create table webhook_attempts (
                id bigint generated always as identity primary key,
                message_id text not null references webhook_messages on delete cascade,
                at timestamptz not null default clock_timestamp(),
                status_code integer,
                error text,
                duration_ms integer not null check (duration_ms >= 0),
                response_excerpt text
            );
            create index webhook_attempts_of_message on webhook_attempts (message_id, id);

            create table webhook_endpoints (
                url text primary key,
                disabled_at timestamptz not null default now(),
                reason text not null
            );
            """)
}
