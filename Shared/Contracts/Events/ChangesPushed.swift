/// The remote confirmed the branch.
package struct ChangesPushed: EventDetails {
    package static let type = EventType.changesPushed

    package var branchName: String
    package var commitHash: String

    package init(branchName: String, commitHash: String) {
        self.branchName = branchName
        self.commitHash = commitHash
    }

    package var message: String { "Pushed \(branchName) at \(commitHash.prefix(12))" }

    private enum CodingKeys: String, CodingKey {
        case branchName = "branch_name"
        case commitHash = "commit_hash"
    }
}
