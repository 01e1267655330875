extension Migration {
    /// Sealed credentials in a table of their own, which other roles can be kept from; an index for every question that
    /// is asked of what grows; who may read what.
    static let access = Migration(
        version: 11, name: "access",
        script: """
            create table sealed_credentials (
                workflow_id uuid primary key references tasks on delete cascade,
                sealed text not null check (sealed <> '')
            );
            insert into sealed_credentials (workflow_id, sealed)
                select workflow_id, request #>> '{repository,credentials,sealed}' from tasks
                where request #>> '{repository,credentials,credential_type}' = 'sealed';
            update tasks set request = jsonb_set(request, '{repository,credentials}',
                    '{"credential_type": "sealed", "sealed": ""}')
                where request #>> '{repository,credentials,credential_type}' = 'sealed';
            alter table tasks drop constraint credentials_are_closed;
            alter table tasks add constraint credentials_are_elsewhere check (
                (request #> '{repository,credentials}') in
                    ('{"credential_type": "none"}', '{"credential_type": "sealed", "sealed": ""}'));

            -- The companies whose tasks a person's role may read.
            create table readers (
                role text not null check (role <> ''),
                company safe_id not null,
                primary key (role, company)
            );

            create index tasks_of_company on tasks (company_id, created_at desc);
            create index tasks_of_project on tasks (company_id, project_id, created_at desc);
            -- By the result's status, not the column: that one changes often, and an index would make each change dear.
            create index tasks_ended on tasks ((result ->> 'status'), created_at desc) where finished_at is not null;
            create index tasks_ended_of_company on tasks (company_id, (result ->> 'status'), created_at desc)
                where finished_at is not null;
            create index tasks_ended_of_project on tasks
                (company_id, project_id, (result ->> 'status'), created_at desc) where finished_at is not null;

            create index outbox_by_publication on outbox (published_at) where published_at is not null;
            create index outbox_without_place on outbox (id) where published_at is not null and stream_sequence is null;
            create index rejected_submissions_of_task on rejected_submissions (company_id, project_id, task_id);
            create index rejected_submissions_by_age on rejected_submissions (created_at);
            create index webhook_messages_by_state on webhook_messages (state, created_at desc);
            create index steering_of_workflow on steering (workflow_id, id);
            -- Companies may use the same names for their tasks.
            drop index task_activities_by_task;
            create index task_activities_by_task on task_activities
                (task_id, company_id, project_id, timestamp desc);
            """)
}
