import Dispatch
import Foundations
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A pool for blocking calls` {
    private struct Refused: Error {}

    @Test func `runs as many calls at a time as it is wide, and the others in the order they came`() async throws {
        let pool = BlockingPool(label: "test", width: 2)
        let (started, ended, release) = (Recorder<Int>(), Recorder<Int>(), DispatchSemaphore(value: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<2 {
                group.addTask {
                    try await pool.run {
                        started.record(number)
                        release.wait()
                    }
                }
            }
            try await started.wait(for: 2)
            for number in 2..<40 { group.addImmediateTask { try await pool.run { ended.record(number) } } }
            #expect(ended.count == 0)
            // One place is enough for all that wait.
            release.signal()
            #expect(try await ended.wait(for: 38) == Array(2..<40))
            release.signal()
            try await group.waitForAll()
        }
    }

    @Test func `has its places back after calls that end, however they end`() async throws {
        let pool = BlockingPool(label: "test", width: 3)
        for round in 0..<20 {
            let results = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<9 { group.addTask { try await pool.run { number } } }
                group.addTask {
                    await #expect(throws: Refused.self) { try await pool.run { throw Refused() } }
                    return 0
                }
                return try await group.reduce(0, +)
            }
            #expect(results == 36, "round \(round)")
        }
        // All of them: as many calls as it is wide wait for each other.
        let (arrived, release) = (Recorder<Int>(), DispatchSemaphore(value: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    try await pool.run {
                        arrived.record(number)
                        release.wait()
                    }
                }
            }
            try await arrived.wait(for: 3)
            for _ in 0..<3 { release.signal() }
            try await group.waitForAll()
        }
    }
}
