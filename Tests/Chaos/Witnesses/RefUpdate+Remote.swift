import TestSupport

extension RefUpdate {
    /// The updates that a remote noted, and the new branches that it holds without a note: its hook is a child of the
    /// pusher, and dies with one that is ended right after the update.
    static func all(of remote: GitRemote) async throws -> [RefUpdate] {
        let noted = remote.pushes().map { line in
            let words = line.split(separator: " ").map(String.init)
            return RefUpdate(old: words[0], new: words[1], ref: words[2])
        }
        let known = Set(noted.map(\.ref))
        var updates = noted
        for branch in try await remote.branches() where branch.hasPrefix("feat/") {
            let ref = "refs/heads/\(branch)"
            guard !known.contains(ref) else { continue }
            updates.append(RefUpdate(old: none, new: try await remote.commitID(branch), ref: ref))
        }
        return updates
    }
}
