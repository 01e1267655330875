extension Migration {
    /// Who may come in over HTTP; and which transaction wrote a message, so that whoever follows the events knows which of
    /// them it has not seen, whatever the order in which they were committed.
    static let gateway = Migration(
        version: 25, name: "gateway",
        script: """
            create table access_tokens (
                id uuid primary key,
                name text not null unique check (name ~ '^[A-Za-z0-9_-]{1,64}$'),
                role text not null check (role in ('viewer', 'operator', 'admin')),
                company_id safe_id,
                -- SHA-256 of the token.
                digest text not null unique check (digest ~ '^[0-9a-f]{64}$'),
                created_at timestamptz not null default now()
            );

            -- Browsers that signed in, and addresses by which one can, once. They end with their token.
            create table access_sessions (
                digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
                token_id uuid not null references access_tokens on delete cascade,
                is_invitation boolean not null,
                expires_at timestamptz not null
            );
            create index access_sessions_of_token on access_sessions (token_id);

            -- Messages that are there already have none: they are history. In two steps, which rewrites no row.
            alter table outbox add column written_by xid8;
            alter table outbox alter column written_by set default pg_current_xact_id();
            create index outbox_events_by_transaction on outbox (written_by) where seq is not null;
            """)
}
