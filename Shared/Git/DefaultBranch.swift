/// The branch that a repository is worked on from where nobody names one.
enum DefaultBranch {
    /// Names that stand for it where `HEAD` leaves open which one it is at.
    private static let usual = ["main", "master", "trunk", "develop"]

    /// The branch that `HEAD` is said to be at, in the words of `git ls-remote --symref`.
    static func named(in listing: String) -> String? {
        let prefix = "ref: refs/heads/"
        for line in listing.split(separator: "\n") where line.hasPrefix(prefix) && line.hasSuffix("\tHEAD") {
            return String(line.dropFirst(prefix.count).dropLast("\tHEAD".count))
        }
        return nil
    }

    /// The branch where `HEAD` names none: old servers tell its commit alone, and it may name a branch that is not there.
    /// `branches` are full names.
    static func choose(from branches: [String: ObjectID], head: ObjectID?) throws -> String {
        let there = branches.filter { $0.value == head }
        let names = (there.isEmpty ? branches : there).keys.map { String($0.dropFirst("refs/heads/".count)) }
        if names.count == 1 { return names[0] }
        if let name = usual.first(where: names.contains) { return name }
        let all = branches.keys.map { $0.dropFirst("refs/heads/".count) }.sorted()
        let more = all.count > 10 ? " and \(all.count - 10) more" : ""
        throw GitError(
            .branchNotFound,
            "the repository names no default branch; name one in repository.branch: "
                + "\(all.prefix(10).joined(separator: ", "))\(more)")
    }
}
