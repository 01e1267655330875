import Foundations
import Testing
import Webhooks

@Suite struct DeliveryDecisionTests {
    private let exact = DeliverySchedule(jitter: 0)

    private func decide(_ outcome: DeliveryOutcome, attempt: Int = 1) -> DeliveryDecision {
        DeliveryDecision(outcome, attempt: attempt, schedule: exact)
    }

    private func answer(_ status: Int, _ retryAfter: Duration? = nil) -> DeliveryOutcome {
        .answered(status: status, retryAfter: retryAfter, excerpt: "")
    }

    @Test(arguments: [200, 201, 202, 204, 299])
    func `only 2xx is a delivery`(_ status: Int) { #expect(decide(answer(status)) == .delivered) }

    @Test(arguments: [
        100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 599, 999,
    ])
    func `every other status but 410 is tried again`(_ status: Int) {
        #expect(decide(answer(status)) == .retry(after: .seconds(5)))
    }

    @Test func `410 disables the endpoint at any attempt`() {
        #expect(decide(answer(410)) == .disableEndpoint)
        #expect(decide(answer(410), attempt: 99) == .disableEndpoint)
    }

    @Test func `a transfer that failed is tried again, a target that is refused is not`() {
        #expect(decide(.failed(reason: "connection refused")) == .retry(after: .seconds(5)))
        #expect(decide(.refused(reason: "private")) == .dead(reason: "private"))
    }

    @Test(arguments: [429, 500, 503])
    func `Retry-After makes the delay longer, up to the longest of the schedule`(_ status: Int) {
        #expect(decide(answer(status, .seconds(120))) == .retry(after: .seconds(120)))
        #expect(decide(answer(status, .seconds(1))) == .retry(after: .seconds(5)))
        #expect(decide(answer(status, .seconds(-10))) == .retry(after: .seconds(5)))
        #expect(decide(answer(status, .seconds(1_000_000))) == .retry(after: .seconds(86_400)))
    }

    @Test func `a receiver that always asks for more time gets no more than the schedule takes`() {
        for asked in [Duration.seconds(86_400), .seconds(1_000_000_000), .seconds(7000)] {
            var (elapsed, attempt) = (Duration.zero, 1)
            while case .retry(let delay) = DeliveryDecision(answer(429, asked), attempt: attempt, elapsed: elapsed) {
                #expect(delay > .zero)
                elapsed += delay
                attempt += 1
            }
            #expect(elapsed <= .seconds(92 * 3600), "\(asked)")
            #expect(attempt > 1)
        }
    }

    @Test func `after the time limit no attempt follows`() {
        let late = DeliveryDecision(answer(500), attempt: 3, elapsed: .seconds(92 * 3600))
        #expect(late == .dead(reason: "3 attempts failed, the last because the receiver answered 500"))
    }

    @Test(arguments: [301, 404])
    func `Retry-After of any other status has no effect`(_ status: Int) {
        #expect(decide(answer(status, .seconds(120))) == .retry(after: .seconds(5)))
    }

    @Test func `the schedule rises over about three days and then gives up`() {
        var total = Duration.zero
        for attempt in 1..<exact.attempts {
            guard case .retry(let delay) = decide(answer(500), attempt: attempt) else {
                Issue.record("attempt \(attempt) is not tried again")
                return
            }
            total += delay
        }
        #expect(exact.attempts == 10)
        #expect((70 * 3600...78 * 3600).contains(Int(total.seconds)))
        let end = decide(answer(500), attempt: 10)
        #expect(end == .dead(reason: "10 attempts failed, the last because the receiver answered 500"))
    }

    @Test func `an attempt that was never made has no delay`() {
        for attempt in [Int.min + 1, -1, 0, 11, Int.max] {
            var generator = SystemRandomNumberGenerator()
            #expect(exact.delay(after: attempt, using: &generator) == nil)
        }
    }

    @Test func `jitter spreads a delay over 20 percent to both sides`() {
        let schedule = DeliverySchedule(delays: [.seconds(100)])
        var generator = SystemRandomNumberGenerator()
        let delays = (0..<2000).compactMap { _ in schedule.delay(after: 1, using: &generator)?.seconds }
        #expect(delays.allSatisfy { (80...120).contains($0) })
        #expect((delays.min() ?? 100) < 84 && (delays.max() ?? 100) > 116)
    }
}
