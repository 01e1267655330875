/// The one commit of the task exists.
package struct ChangesCommitted: EventDetails {
    package static let type = EventType.changesCommitted

    package var branchName: String
    package var commitHash: String
    package var filesChanged: Int
    package var insertions: Int
    package var deletions: Int

    package init(branchName: String, commitHash: String, filesChanged: Int, insertions: Int, deletions: Int) {
        self.branchName = branchName
        self.commitHash = commitHash
        self.filesChanged = filesChanged
        self.insertions = insertions
        self.deletions = deletions
    }

    package var message: String { "Committed \(commitHash.prefix(12))" }

    private enum CodingKeys: String, CodingKey {
        case insertions, deletions
        case branchName = "branch_name"
        case commitHash = "commit_hash"
        case filesChanged = "files_changed"
    }
}
