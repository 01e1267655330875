extension Migration {
    /// What people keep beside tasks: projects, settings, limits and what comes. A row is a version; one of an object's may
    /// be in force. `-` in the place of an id says that there is none.
    static let catalogue = Migration(
        version: 23, name: "catalogue",
        script: """
            create table catalogue (
                kind text not null check (kind ~ '^[a-z_]{1,40}$'),
                company_id safe_id not null,
                project_id safe_id not null,
                object_id safe_id not null,
                version integer not null check (version > 0),
                spec jsonb not null check (jsonb_typeof(spec) = 'object'),
                is_current boolean not null,
                created_at timestamptz not null default now(),
                primary key (kind, company_id, project_id, object_id, version),
                constraint credentials_are_elsewhere check (coalesce(spec #> '{repository,credentials}',
                    '{"credential_type": "none"}') in
                        ('{"credential_type": "none"}', '{"credential_type": "sealed", "sealed": ""}')),
                constraint limits_leave_room check (kind <> 'limits'
                    or coalesce((spec ->> 'max_running')::integer, 1) > 0
                        and coalesce((spec ->> 'max_waiting')::integer, 0) >= 0)
            );
            create unique index catalogue_current on catalogue (kind, company_id, project_id, object_id)
                where is_current;
            create index catalogue_by_age on catalogue
                (kind, created_at desc, company_id desc, project_id desc, object_id desc) where is_current;
            create index catalogue_of_company on catalogue
                (kind, company_id, created_at desc, project_id desc, object_id desc) where is_current;

            -- Of the version in force; the hash is keyed, and tells whether they are the same.
            create table project_credentials (
                company_id safe_id not null,
                project_id safe_id not null,
                remote_url text not null,
                sealed text not null check (sealed <> ''),
                content_hash text not null,
                primary key (company_id, project_id)
            );

            \(lock("company_limits"))
            insert into catalogue (kind, company_id, project_id, object_id, version, spec, is_current)
                select 'limits', case company_id when '*' then '-' else company_id end, '-', '-', 1,
                    jsonb_build_object('max_running', max_running), true
                from company_limits;
            drop table company_limits;
            """)
}
