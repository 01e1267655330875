/// What a remote told of some of its branches, at one moment.
package struct RemoteBranches: Sendable, Hashable {
    /// By their full names. There may be more than were asked for: the remote finds also names that merely end alike.
    let tips: [String: ObjectID]

    /// The commit that a branch is at, or `nil` if there is no such branch.
    func tip(of ref: RefName) -> ObjectID? { tips[ref.full] }

    /// Whether `ref`, which was asked for, can be created at the remote.
    package func standing(of ref: RefName) -> BranchStanding {
        if let commit = tip(of: ref) { return .taken(commit) }
        let parents = Self.parents(of: ref)
        let obstacle = tips.keys.filter { parents.contains($0) || $0.hasPrefix("\(ref.full)/") }.min()
        return obstacle.map { .blocked(by: String($0.dropFirst("refs/heads/".count))) } ?? .free
    }

    /// What to ask for to know how things stand with `refs`, as `git ls-remote` takes it.
    static func patterns(_ refs: [RefName]) -> [String] {
        Set(refs.flatMap { [$0.full, "\($0.full)/*"] + parents(of: $0) }).sorted()
    }

    private static func parents(of ref: RefName) -> [String] { ref.parents.map { "refs/heads/\($0)" } }
}
