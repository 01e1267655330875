import FoundationEssentials

/// What a transaction on one workflow leaves to be done once it has committed.
struct Effects: Sendable {
    /// What is to be published.
    var messages: [OutboxMessage] = []
    /// The workflows that were told something, see ``Notice``.
    var told: Set<UUID> = []
    /// Whether something is not as it was.
    var isChange = true
}

extension [OutboxMessage] {
    /// Each once: a later transaction gives again what an earlier one of the same workflow left unpublished.
    var once: [OutboxMessage] {
        var seen: Set<Int64> = []
        return filter { seen.insert($0.id).inserted }
    }
}
