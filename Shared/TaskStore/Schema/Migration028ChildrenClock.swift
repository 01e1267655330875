extension Migration {
    /// A child's clock rests while an ancestor is paused, which writes nothing to it: its time limit moves by what its
    /// ancestors have rested since it began to count.
    static let childrenClock = Migration(
        version: 28, name: "children_clock",
        script: """
            alter table tasks add column rested_before double precision not null default 0 check (rested_before >= 0);
            """)
}
