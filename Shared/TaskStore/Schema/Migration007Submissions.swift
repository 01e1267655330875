extension Migration {
    /// Up to where the stream's submissions are known to be recorded.
    static let submissions = Migration(
        version: 7, name: "submissions",
        script: """
            alter table broker_state add column submissions_checked bigint not null default 0;
            """)
}
