extension Migration {
    /// The activity of an event says which event it is, so that clients can read events again after the outbox has
    /// forgotten them. An event costs no row of its own. Events of tasks that run while this is applied are taken over.
    static let events = Migration(
        version: 10, name: "events",
        script: """
            alter table task_activities add column seq bigint check (seq > 0);
            alter table task_activities add column notification_type text;
            alter table task_activities add column emitted_at timestamptz;
            alter table task_activities add constraint event_is_whole check (
                (seq is null) = (notification_type is null) and (seq is null) = (emitted_at is null));
            create unique index task_activities_events on task_activities (workflow_id, seq) where seq is not null;

            update task_activities a set seq = o.seq,
                notification_type = o.payload::jsonb ->> 'notification_type',
                emitted_at = (o.payload::jsonb ->> 'timestamp')::timestamptz
            from outbox o join tasks t on t.workflow_id = o.workflow_id
            where t.finished_at is null and o.seq is not null and a.id = o.event_id;
            """)
}
