extension Migration {
    /// What one process does for all: whoever holds the lease does it, whoever comes later takes it over once it ends.
    static let duties = Migration(
        version: 17, name: "duties",
        script: """
            create table duties (
                name text primary key check (name <> ''),
                owner uuid not null,
                lease_until timestamptz not null
            );
            """)
}
