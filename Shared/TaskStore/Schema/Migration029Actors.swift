extension Migration {
    /// Who asked for a pause that the owner of the run has not made yet, and who defined a version of an object.
    static let actors = Migration(
        version: 29, name: "actors",
        script: """
            alter table tasks add column pause_requested_by text;
            alter table catalogue add column created_by text;
            """)
}
