/// What a push that did not fail found.
package enum PushOutcome: Sendable, Hashable {
    /// The remote took the commit.
    case pushed
    /// The branch was at this commit already: an earlier push got through.
    case alreadyThere
}
