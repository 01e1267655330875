import FoundationEssentials

/// How long consumers have not been served, and from where they would have to begin again. Pure.
struct ConsumerWatch {
    /// How long an election in a cluster may take, and a restart of all its servers.
    static let patience: Duration = .seconds(30)

    private struct Consumer {
        /// Up to where all is known to be acknowledged.
        var place: UInt64?
        var silentSince: ContinuousClock.Instant?
    }

    private var consumers: [String: Consumer] = [:]

    /// The server told where a consumer is.
    mutating func isServed(_ durable: String, acknowledged: UInt64) {
        consumers[durable] = Consumer(place: acknowledged)
    }

    /// The server could not tell, although the stream is well and ends at `end`. Returns the place to begin again at, once
    /// that has gone on for too long.
    ///
    /// Where nobody saw it well before, that is where the stream ended when it was first seen silent: what came before is
    /// announced again, or found by ``SubmissionAudit``.
    mutating func isSilent(_ durable: String, at now: ContinuousClock.Instant, end: UInt64) -> UInt64? {
        var consumer = consumers[durable] ?? Consumer()
        let (place, since) = (consumer.place ?? end, consumer.silentSince ?? now)
        (consumer.place, consumer.silentSince) = (place, since)
        consumers[durable] = consumer
        return since + Self.patience <= now ? place : nil
    }

    /// The stream itself is not well: nothing can be said of its consumers.
    mutating func startOver() {
        for durable in consumers.keys { consumers[durable]?.silentSince = nil }
    }
}
