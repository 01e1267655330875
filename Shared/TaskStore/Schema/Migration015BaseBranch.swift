extension Migration {
    /// The branch that the work starts from: a request need not name it.
    static let baseBranch = Migration(
        version: 15, name: "base branch",
        script: """
            alter table tasks add column base_branch text;
            """)
}
