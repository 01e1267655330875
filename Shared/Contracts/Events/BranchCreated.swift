/// The feature branch has its name.
package struct BranchCreated: EventDetails {
    package static let type = EventType.branchCreated

    package var branchName: String
    package var baseBranch: String
    package var baseCommit: String

    package init(branchName: String, baseBranch: String, baseCommit: String) {
        self.branchName = branchName
        self.baseBranch = baseBranch
        self.baseCommit = baseCommit
    }

    package var message: String { "Branch \(branchName) from \(baseBranch)" }

    private enum CodingKeys: String, CodingKey {
        case branchName = "branch_name"
        case baseBranch = "base_branch"
        case baseCommit = "base_commit"
    }
}
