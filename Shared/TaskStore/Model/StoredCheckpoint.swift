import FoundationEssentials

/// A checkpoint as it is stored, without its pack: see ``TaskStore/pack(of:in:)``.
package struct StoredCheckpoint: Sendable, Hashable {
    /// Its place in the workflow, from 1.
    package let ordinal: Int
    /// 40 hexadecimal digits.
    package let commit: String
    package let tree: String
    /// The commit that the pack is thin against.
    package let base: String
    /// The size of the pack.
    package let bytes: Int
    package let createdAt: Date
}
