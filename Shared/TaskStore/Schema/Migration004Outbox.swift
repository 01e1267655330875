extension Migration {
    /// What is to be published, what people read, and what was refused at the door.
    static let outbox = Migration(
        version: 4, name: "outbox",
        script: """
            create table outbox (
                id bigint generated always as identity primary key,
                event_id uuid not null unique,
                workflow_id uuid,
                seq bigint check (seq > 0),
                subject text not null check (subject !~ '[[:space:][:cntrl:]*>]'),
                headers jsonb not null default '{}',
                payload text not null,
                created_at timestamptz not null default clock_timestamp(),
                published_at timestamptz,
                stream_sequence bigint check (stream_sequence > 0),
                constraint published_has_sequence check ((published_at is null) = (stream_sequence is null))
            ) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
            create unique index outbox_seq on outbox (workflow_id, seq) where seq is not null;
            create index outbox_unpublished on outbox (id) where published_at is null;
            create index outbox_unpublished_of_workflow on outbox (workflow_id, id) where published_at is null;
            create index outbox_by_sequence on outbox (stream_sequence) where stream_sequence is not null;

            create table broker_state (
                stream text primary key,
                created_at timestamptz not null,
                seen_at timestamptz not null default now()
            );

            create table task_activities (
                id uuid primary key,
                task_id safe_id not null,
                workflow_id uuid not null,
                company_id safe_id not null,
                project_id safe_id not null,
                activity_type text not null
                    check (activity_type in ('progress', 'function_call', 'mcp_call', 'error')),
                message text not null,
                details jsonb not null default '{}',
                timestamp timestamptz not null default clock_timestamp()
            );
            create index task_activities_by_task on task_activities (task_id, timestamp desc);

            create table rejected_submissions (
                id uuid primary key,
                deduplication_key text not null unique,
                subject text not null,
                company_id safe_id,
                project_id safe_id,
                task_id safe_id,
                excerpt text not null,
                code text not null,
                field text not null,
                reason text not null,
                created_at timestamptz not null default now()
            );
            """)
}
