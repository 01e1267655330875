import Foundations

/// When a failed webhook is sent again: the example schedule of Standard Webhooks, 76 h in all, with jitter.
package struct DeliverySchedule: Sendable, Hashable {
    /// What is waited after each failed attempt, before jitter.
    package var delays: [Duration]
    /// The share by which a delay is made shorter or longer at random, 0…1.
    package var jitter: Double

    package init(
        delays: [Duration] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map { .seconds($0) },
        jitter: Double = 0.2
    ) {
        self.delays = delays
        self.jitter = jitter
    }

    /// How often a webhook is sent at most.
    package var attempts: Int { delays.count + 1 }

    /// How long attempts go on at most, counted from the first.
    package var limit: Duration { .seconds(delays.map(\.seconds).reduce(0, +) * (1 + jitter)) }

    /// The delay after failed attempt `attempt`, which counts from 1; `nil` when it was the last.
    ///
    /// - Parameters:
    ///   - elapsed: How long ago the first attempt was.
    ///   - retryAfter: What the receiver asked for. It makes a delay longer, never shorter, never longer than the longest
    ///     of the schedule, and never beyond ``limit``.
    package func delay(
        after attempt: Int, elapsed: Duration = .zero, retryAfter: Duration? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        guard delays.indices.contains(attempt - 1), elapsed < limit else { return nil }
        let factor = Double.random(in: (1 - jitter)...(1 + jitter), using: &generator)
        let delay = Duration.seconds(delays[attempt - 1].seconds * factor)
        let asked = min(retryAfter ?? .zero, delays.max() ?? .zero)
        return min(max(delay, asked), limit - elapsed)
    }
}
