import Database

/// Which runs of a workflow may be open at once: one in each slot.
///
/// Its steps share one slot. Each webhook delivery has one of its own, named like its message: it goes out whatever
/// becomes of the workflow, and no limit counts it.
///
/// Whatever means the runs of steps says so by ``isStep(_:)``, unless it names a run by its id or by its stage, round and
/// generation, which steps alone have.
enum RunSlot {
    /// The condition on a row of `stage_runs` that it is of a step.
    static func isStep(_ run: SQL = "r") -> SQL { "\(run).slot = 'step'" }

    /// The condition on a row of `stage_runs` that it delivers a webhook.
    static func isDelivery(_ run: SQL = "r") -> SQL { "\(run).kind = 'webhook'" }
}
