/// What a service has to do with the bus, as it follows from its row.
extension ServiceKind {
    private var kinds: [StepKind.Row] { row.kinds.compactMap(\.row) }

    /// The durable consumers that it takes messages from.
    package var consumers: [String] { kinds.map(\.consumer) + row.consumers }

    /// Whether it asks others for Git objects: who works on steps and may not ask a remote.
    package var asksForObjects: Bool { kinds.contains { !$0.opensCredentials } }

    /// What it publishes in the stream, by the last token.
    ///
    /// Who works on steps tells of its own kinds, and permits these and those that may follow. A permit is a hint and the
    /// claim decides, so that this opens nothing. Who declares the stream keeps it complete: the front door that begins and
    /// ends workflows of every kind, and the relay that publishes what others may not or could not.
    package var tells: OutboxRights { tells(StepKind.rows) }

    /// Where there are these kinds of steps.
    package func tells(_ rows: [StepKind.Row]) -> OutboxRights {
        guard !row.declaresStream else {
            let events = EventType.allCases.filter(\.isOutgoing)
            return OutboxRights(events: events, permits: rows.map(\.kind), readsStream: true)
        }
        guard !kinds.isEmpty else { return OutboxRights(events: [], permits: [], readsStream: false) }
        let own = Set(kinds.map(\.kind)).union(kinds.flatMap(\.successors))
        return OutboxRights(
            events: EventType.allCases.filter { type in type.isOfAnyStep || kinds.contains { $0.events.contains(type) }
            },
            permits: rows.map(\.kind).filter(own.contains), readsStream: false)
    }
}
