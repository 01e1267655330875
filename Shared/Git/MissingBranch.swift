/// Why a branch cannot be fetched that a remote does not list.
enum MissingBranch {
    private static let named = 5
    /// Where work begins in most repositories.
    private static let usual = ["main", "master", "trunk", "develop"]

    /// - Parameter references: The full names of all branches and tags of the remote.
    static func error(_ branch: RefName, among references: some Sequence<String>) -> GitError {
        let references = Set(references)
        guard !references.isEmpty else { return GitError(.emptyRepository, "the repository has no commits yet") }
        var words = "the repository has no branch \(branch)"
        if references.contains("refs/tags/\(branch)") {
            words += ": that is a tag, and work starts from a branch"
        }
        return GitError(.branchNotFound, "\(words); \(others(references))")
    }

    private static func others(_ references: Set<String>) -> String {
        let prefix = "refs/heads/"
        let all = references.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
        guard !all.isEmpty else { return "it has tags alone and no branch" }
        let names = usual.filter(all.contains) + all.filter { !usual.contains($0) }
        let shown = names.prefix(named).map { $0.unicodeScalars.count > 100 ? "\($0.prefix(100))…" : $0 }
        let more = names.count > named ? " and \(names.count - named) more" : ""
        return "it has \(shown.joined(separator: ", "))\(more)"
    }
}
