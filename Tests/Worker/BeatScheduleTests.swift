import Foundation
import TaskStore
import TestSupport
import Testing

@testable import Worker

/// When the leases of a process are extended: by moments that are given, not by a clock.
@Suite struct BeatScheduleTests {
    private static let interval = Duration.seconds(10)
    private static let owner = UUID()
    private let start = ContinuousClock.now

    private func lease(_ run: Int) -> RunLease { RunLease(run: run, owner: Self.owner, epoch: 1) }
    private func moment(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// Leases that were granted at these seconds.
    private func schedule(_ seconds: Double...) -> BeatSchedule {
        var schedule = BeatSchedule(interval: Self.interval)
        for (run, second) in seconds.enumerated() { schedule.add(lease(run), since: moment(second)) }
        return schedule
    }

    private func take(_ schedule: inout BeatSchedule, at seconds: Double) -> Set<Int> {
        Set(schedule.take(at: moment(seconds)).map(\.run))
    }

    @Test func `without leases there is nothing to do`() {
        var schedule = schedule()
        #expect(schedule.next == nil && take(&schedule, at: 100).isEmpty)
    }

    @Test func `a lease is extended an interval after it was granted, and each interval from then on`() {
        var schedule = schedule(0)
        #expect(schedule.next == moment(10))
        #expect(take(&schedule, at: 9.9).isEmpty)
        #expect(take(&schedule, at: 10.5) == [0])
        #expect(schedule.next == moment(20.5))
        #expect(take(&schedule, at: 11).isEmpty)
    }

    @Test func `leases that began at different times are soon extended together`() {
        var schedule = schedule(0, 3, 6, 9)
        #expect(take(&schedule, at: 10) == [0, 1])
        #expect(schedule.next == moment(16))
        #expect(take(&schedule, at: 16) == [0, 1, 2, 3])
        #expect(schedule.next == moment(26))
        schedule.add(lease(4), since: moment(24))
        #expect(take(&schedule, at: 26) == [0, 1, 2, 3])
        #expect(take(&schedule, at: 34) == [0, 1, 2, 3, 4])
    }

    @Test func `one that is asked for early comes early, and without those that have time`() {
        var schedule = schedule(0, 0)
        schedule.hasten(lease(1), to: moment(2))
        #expect(schedule.next == moment(2))
        #expect(take(&schedule, at: 2) == [1])
        schedule.hasten(lease(0), to: moment(50))
        #expect(schedule.next == moment(10))
        #expect(take(&schedule, at: 10) == [0, 1])
    }

    @Test func `what was removed is extended no more, whoever asks`() {
        var schedule = schedule(0, 0)
        schedule.remove(lease(0))
        schedule.hasten(lease(0), to: moment(1))
        #expect(take(&schedule, at: 10) == [1])
        schedule.remove(lease(1))
        #expect(schedule.next == nil)
    }

    @Test(arguments: [1, 2, 3])
    func `no lease waits longer than an interval, and many cost no more statements than one`(_ seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        var schedule = BeatSchedule(interval: Self.interval)
        var (last, beats): ([Int: ContinuousClock.Instant], [ContinuousClock.Instant]) = ([:], [])
        for run in 0..<200 {
            last[run] = moment(Double.random(in: 0..<10, using: &numbers))
            schedule.add(lease(run), since: last[run] ?? start)
        }
        while let next = schedule.next, next < moment(100) {
            beats.append(next)
            for lease in schedule.take(at: next) {
                #expect(next - (last[lease.run] ?? start) <= Self.interval)
                last[lease.run] = next
            }
        }
        #expect(beats.count <= 11)
        #expect(last.values.allSatisfy { $0 == beats.last })
    }
}
