import FoundationEssentials

/// A checkpoint as it is stored.
package struct StoredCheckpoint: Sendable, Hashable {
    /// Its place in the workflow, from 1.
    package let ordinal: Int
    package let checkpoint: Checkpoint
    package let createdAt: Date
}
