extension Migration {
    /// An index for every page that clients can ask for; since when a run is somebody's; which disabled endpoint is the
    /// platform's, so that whoever replays a webhook need not know it.
    static let query = Migration(
        version: 21, name: "query",
        script: """
            alter table stage_runs add column claimed_at timestamptz;

            alter table webhook_endpoints add column is_platform boolean not null default false;
            update webhook_endpoints e set is_platform = true
                where not exists (select from webhook_messages m where m.url = e.url);

            create index discoveries_by_age on discoveries (created_at desc, id desc);
            create index discoveries_of_company on discoveries (company_id, created_at desc, id desc);
            drop index discoveries_by_project;
            create index discoveries_of_project on discoveries (company_id, project_id, created_at desc, id desc);
            create index discoveries_of_workflow on discoveries (workflow_id, created_at desc, id desc);

            create index task_activities_pushes on task_activities (timestamp desc, id desc)
                where notification_type = 'changes_pushed';
            create index task_activities_pushes_of_company on task_activities (company_id, timestamp desc, id desc)
                where notification_type = 'changes_pushed';
            create index task_activities_pushes_of_project on task_activities
                (company_id, project_id, timestamp desc, id desc)
                where notification_type = 'changes_pushed';

            drop index rejected_submissions_of_task;
            create index rejected_submissions_of_task on rejected_submissions
                (company_id, project_id, task_id, created_at desc, id desc);
            create index rejected_submissions_of_project on rejected_submissions
                (company_id, project_id, created_at desc, id desc);
            create index rejected_submissions_of_company on rejected_submissions
                (company_id, created_at desc, id desc);
            drop index rejected_submissions_by_age;
            create index rejected_submissions_by_age on rejected_submissions (created_at desc, id desc);
            """)
}
