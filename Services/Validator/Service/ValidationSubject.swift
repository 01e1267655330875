import Git

/// A tree that is validated, and how.
struct ValidationSubject: Sendable {
    let head: ObjectID
    let tree: ObjectID
    let baseTree: ObjectID
    /// What the work changed so far.
    let changes: DiffSummary
    let plan: ValidationPlan
    /// Where the plan is run.
    let prepared: any PreparedWorkplace
    /// Whether the base holds files that look like tests.
    let baseHoldsTests: Bool

    var isChanged: Bool { tree != baseTree }

    /// Whether it is worth running the commands on the base as well, to see what is missing here.
    func isCountable(_ counts: TestCounts?) -> Bool {
        isChanged && !plan.isEmpty && (counts != nil || baseHoldsTests)
    }
}
