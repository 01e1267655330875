import Synchronization

/// A clock whose time passes only by sleeping, at once. It records how long was slept.
final class ImmediateClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
        func duration(to other: Self) -> Duration { other.offset - offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex((now: Instant(), sleeps: [Duration]()))

    var now: Instant { time.withLock { $0.now } }
    var minimumResolution: Duration { .zero }
    var sleeps: [Duration] { time.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { time in
            time.sleeps.append(time.now.duration(to: deadline))
            time.now = max(time.now, deadline)
        }
    }
}
