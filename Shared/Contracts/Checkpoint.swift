import FoundationEssentials

/// A commit of the work tree with the pack that leads to it.
package struct Checkpoint: Sendable, Hashable {
    /// 40 hexadecimal digits.
    package var commit: String
    package var tree: String
    /// The commit that the pack is thin against: the previous checkpoint's, or the base commit.
    package var base: String
    /// A thin pack of `base..commit`.
    package var pack: Data

    package init(commit: String, tree: String, base: String, pack: Data) {
        self.commit = commit
        self.tree = tree
        self.base = base
        self.pack = pack
    }
}
