/// The planner has the repository.
package struct RepoCloned: EventDetails {
    package static let type = EventType.repoCloned

    package var remoteURL: String
    package var branch: String
    package var baseCommit: String
    package var durationMilliseconds: Int

    package init(remoteURL: String, branch: String, baseCommit: String, durationMilliseconds: Int) {
        self.remoteURL = remoteURL
        self.branch = branch
        self.baseCommit = baseCommit
        self.durationMilliseconds = durationMilliseconds
    }

    package var message: String { "Fetched \(branch) at \(baseCommit.prefix(12))" }

    private enum CodingKeys: String, CodingKey {
        case branch
        case remoteURL = "remote_url"
        case baseCommit = "base_commit"
        case durationMilliseconds = "duration_ms"
    }
}
