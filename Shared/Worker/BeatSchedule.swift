import TaskStore

/// When the leases of a process are to be extended next.
///
/// What would be due before half an interval is over comes along with what is due now: however they began, all leases are
/// soon extended together.
struct BeatSchedule {
    typealias Instant = ContinuousClock.Instant

    /// How long after one heartbeat the next one is due.
    let interval: Duration
    private var due: [RunLease: Instant] = [:]

    init(interval: Duration) { self.interval = interval }

    /// When there is something to do again, `nil` for never.
    var next: Instant? { due.values.min() }

    /// A lease is held since `moment`.
    mutating func add(_ lease: RunLease, since moment: Instant) { due[lease] = moment + interval }

    mutating func remove(_ lease: RunLease) { due[lease] = nil }

    /// A lease is due at `time` if that is sooner.
    mutating func hasten(_ lease: RunLease, to time: Instant) {
        if let planned = due[lease] { due[lease] = min(planned, time) }
    }

    /// The leases of the heartbeat that begins now, if one does. They are due again after an interval, whether it was answered
    /// by then or not: what hangs holds up no other.
    mutating func take(at now: Instant) -> [RunLease] {
        guard let next, next <= now else { return [] }
        let leases = due.filter { $0.value <= now + interval / 2 }.map(\.key)
        for lease in leases { due[lease] = now + interval }
        return leases
    }
}
