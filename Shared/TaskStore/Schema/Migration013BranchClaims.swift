extension Migration {
    /// Two open tasks of a company have no branch in common, also where they spell its repository differently. What an
    /// ended task left is seen at the remote. Tasks of other companies are not looked at: one company's names tell and
    /// block nothing of another's.
    static let branchClaims = Migration(
        version: 13, name: "branch claims",
        script: """
            alter table tasks add column branch_claim text;
            create unique index tasks_branch_claim on tasks (company_id, branch_claim) where finished_at is null;
            drop index tasks_branch;
            """)
}
