/// Whether a remote has room for a branch.
package enum BranchStanding: Sendable, Hashable {
    case free
    /// The branch is there, at this commit.
    case taken(ObjectID)
    /// Git cannot have it beside this branch: one would be the folder of the other, as `feat` and `feat/x`.
    case blocked(by: String)
}
