import DequeModule
import Foundations
import Messaging

/// Who waits for a message of a consumer, and which requests the server still owes an answer to.
struct PullDemand {
    private struct Waiter {
        let id: UInt64
        let promise: Promise<Delivery?>
        let end: ContinuousClock.Instant
    }

    private struct Request {
        let id: UInt64
        let end: ContinuousClock.Instant
    }

    /// How long a request lasts at most; then it is renewed.
    static let longestRequest = Duration.seconds(5)
    /// How long the server may have no such consumer before it counts as missing.
    private static let patience = Duration.seconds(2)

    private var waiters: Deque<Waiter> = []
    private var requests: Deque<Request> = []
    private var lastID: UInt64 = 0
    /// Whether the consumer was seen to exist since the connection was made.
    private var isConfirmed = false
    /// Whether a look at the requests is planned.
    var isWatched = false
    private var missingSince: ContinuousClock.Instant?

    mutating func addWaiter(_ promise: Promise<Delivery?>, until end: ContinuousClock.Instant) -> UInt64 {
        lastID += 1
        waiters.append(Waiter(id: lastID, promise: promise, end: end))
        return lastID
    }

    mutating func removeWaiter(_ id: UInt64) { waiters.removeAll { $0.id == id } }

    /// The task that has waited longest.
    mutating func takeWaiter() -> Promise<Delivery?>? { waiters.popFirst()?.promise }

    mutating func takeAllWaiters() -> [Promise<Delivery?>] {
        defer { waiters = [] }
        return waiters.map(\.promise)
    }

    /// Drops requests that are over. Returns whether one was met with silence, so that the consumer may be missing.
    mutating func isInDoubt() -> Bool {
        let now = ContinuousClock.now
        let count = requests.count
        requests.removeAll { $0.end <= now }
        return requests.count < count || (!isConfirmed && missingSince == nil)
    }

    /// The next request to send, if there are fewer under way than tasks wait, and how long it is to last.
    mutating func nextRequest() -> (id: UInt64, wait: Duration)? {
        let now = ContinuousClock.now
        guard isConfirmed, requests.count < waiters.count, let end = waiters.lazy.map(\.end).max(), end > now else {
            return nil
        }
        lastID += 1
        let wait = min(Self.longestRequest, now.duration(to: end))
        requests.append(Request(id: lastID, end: now + wait))
        return (lastID, wait)
    }

    /// Returns whether a look at the requests has to be planned.
    mutating func planWatch() -> Bool {
        guard !isWatched, !waiters.isEmpty else { return false }
        isWatched = true
        return true
    }

    /// A message came: it answers the oldest request.
    mutating func answered() {
        missingSince = nil
        _ = requests.popFirst()
    }

    /// A status came for a request.
    mutating func ended(request id: UInt64?) { requests.removeAll { $0.id == id } }

    /// Notes that the server has no such consumer. Returns whether this has lasted too long for a server that starts.
    mutating func isMissingForLong() -> Bool {
        let since = missingSince ?? .now
        missingSince = since
        guard since + Self.patience < .now else { return false }
        missingSince = nil
        return true
    }

    /// The consumer exists.
    mutating func confirmed() {
        isConfirmed = true
        missingSince = nil
    }

    /// The connection was lost or made anew: the server has forgotten all requests.
    mutating func reset() {
        isConfirmed = false
        requests = []
        missingSince = nil
    }
}
