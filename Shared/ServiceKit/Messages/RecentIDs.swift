/// The ids that were added within the last moments.
///
/// No longer: a row that is to be published again, because the broker lost it or it could not be marked, has to go out.
struct RecentIDs<ID: Hashable & Sendable> {
    private let age: Duration
    private var times: [ID: ContinuousClock.Instant] = [:]
    private var limit = 1_024

    /// - Parameter age: How long an id is known.
    init(age: Duration) { self.age = age }

    func contains(_ id: ID, at now: ContinuousClock.Instant = .now) -> Bool {
        times[id].map { now - $0 < age } ?? false
    }

    mutating func insert(_ id: ID, at now: ContinuousClock.Instant = .now) {
        times[id] = now
        guard times.count >= limit else { return }
        times = times.filter { now - $0.value < age }
        limit = max(1_024, 2 * times.count)
    }
}
