import Database
import FoundationEssentials

/// The right to write for a run of any kind: which run, who holds it, and the fencing token.
package struct RunLease: Sendable, Hashable {
    package let run: Int
    package let owner: UUID
    package let epoch: Int

    package init(run: Int, owner: UUID, epoch: Int) {
        self.run = run
        self.owner = owner
        self.epoch = epoch
    }
}

extension RunLease {
    /// The fence: the condition on a row `r` of `stage_runs`.
    ///
    /// That a run with an owner is leased is a constraint. Saying it again would tempt the planner to search the index
    /// of all leased runs.
    var isCurrent: SQL { "r.id = \(run) and r.owner = \(owner) and r.epoch = \(epoch)" }
}

extension Claim {
    package var lease: RunLease { RunLease(run: key.id, owner: owner, epoch: epoch) }

    /// The fence of a step's run, see ``RunLease/isCurrent``.
    var isCurrent: SQL { lease.isCurrent }
}
