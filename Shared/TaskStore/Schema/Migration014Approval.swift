extension Migration {
    /// What waits for approval keeps waiting for it, however it ended meanwhile and was retried.
    static let approval = Migration(
        version: 14, name: "approval",
        script: """
            alter table tasks add column awaits_approval boolean not null default false;
            update tasks set awaits_approval = true
            where status in ('awaiting_approval', 'rejected')
                or finished_at is not null and approved_at is null
                    and stage = case request #>> '{delivery,approval}'
                        when 'plan' then 'implementation' when 'push' then 'push' end;
            """)
}
