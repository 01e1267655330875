import FoundationEssentials

/// The right to write for a stage run: who holds it, and the fencing token.
///
/// Every call of an owner takes it; once another replica claimed the run, each of them throws
/// ``StoreError/leaseLost``.
package struct Claim: Sendable, Hashable {
    package var key: RunKey
    /// A random id per process start.
    package var owner: UUID
    /// Raised by each claim of the run, never lowered.
    package var epoch: Int

    package init(key: RunKey, owner: UUID, epoch: Int) {
        self.key = key
        self.owner = owner
        self.epoch = epoch
    }
}
