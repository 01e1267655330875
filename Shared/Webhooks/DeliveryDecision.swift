/// What follows from an attempt to deliver a webhook.
package enum DeliveryDecision: Sendable, Hashable {
    /// The receiver has it.
    case delivered
    /// It is sent again.
    case retry(after: Duration)
    /// It is given up and kept, to be replayed by hand.
    case dead(reason: String)
    /// The receiver is gone for good (410): this webhook is given up, and no other is sent there.
    case disableEndpoint

    /// The decision after attempt `attempt`, which counts from 1. The first was `elapsed` ago.
    package init(
        _ outcome: DeliveryOutcome, attempt: Int, elapsed: Duration = .zero,
        schedule: DeliverySchedule = DeliverySchedule(), using generator: inout some RandomNumberGenerator
    ) {
        let asked: Duration?
        switch outcome {
        case .answered(200..<300, _, _):
            self = .delivered
            return
        case .answered(410, _, _):
            self = .disableEndpoint
            return
        case .refused(let reason):
            self = .dead(reason: reason)
            return
        // `Retry-After` has a meaning for these alone (RFC 9110 section 10.2.3, RFC 6585 section 4).
        case .answered(429, let retryAfter, _), .answered(500..<600, let retryAfter, _): asked = retryAfter
        case .answered, .failed: asked = nil
        }
        if let delay = schedule.delay(after: attempt, elapsed: elapsed, retryAfter: asked, using: &generator) {
            self = .retry(after: delay)
        } else {
            self = .dead(reason: "\(attempt) attempts failed, the last because \(outcome.error ?? "")")
        }
    }

    /// The decision with random jitter.
    package init(
        _ outcome: DeliveryOutcome, attempt: Int, elapsed: Duration = .zero,
        schedule: DeliverySchedule = DeliverySchedule()
    ) {
        var generator = SystemRandomNumberGenerator()
        self.init(outcome, attempt: attempt, elapsed: elapsed, schedule: schedule, using: &generator)
    }
}
