extension Migration {
    /// Tasks are found by their tags and by their parent, the newest first: an index for each place that a page can be asked
    /// of. A tag that is longer than any that is looked for has no row.
    static let finding = Migration(
        version: 27, name: "finding",
        script: """
            create table task_tags (
                workflow_id uuid not null references tasks,
                tag text not null check (octet_length(tag) <= 256),
                company_id safe_id not null,
                project_id safe_id not null,
                created_at timestamptz not null,
                primary key (workflow_id, tag)
            );
            insert into task_tags
                select distinct t.workflow_id, tag, t.company_id, t.project_id, t.created_at
                from tasks t, jsonb_array_elements_text(t.request #> '{task,tags}') tag
                where jsonb_typeof(t.request #> '{task,tags}') = 'array' and octet_length(tag) <= 256;
            create index task_tags_by_age on task_tags (tag, created_at desc, workflow_id desc);
            create index task_tags_of_company on task_tags (company_id, tag, created_at desc, workflow_id desc);
            create index task_tags_of_project on task_tags
                (company_id, project_id, tag, created_at desc, workflow_id desc);
            create index tasks_of_parent_by_age on tasks (parent, created_at desc, workflow_id desc)
                where parent is not null;
            """)
}
