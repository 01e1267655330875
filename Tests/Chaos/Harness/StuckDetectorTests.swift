import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct StuckDetectorTests {
    /// Does a piece of work at each look until `pieces` are done, and is away at every third look.
    private final class Work: Sendable {
        private let looks = Mutex(0)
        private let pieces: Int

        init(pieces: Int) { self.pieces = pieces }

        func look() throws -> Progress {
            let look = looks.withLock { looks in
                looks += 1
                return looks
            }
            if look.isMultiple(of: 3) { throw CancellationError() }
            return Progress(tasks: 1, unfinished: 1, work: min(look, pieces))
        }
    }

    private func detector(_ work: Work) -> StuckDetector {
        StuckDetector(patience: .milliseconds(200), interval: .milliseconds(10)) {
            try work.look()
        } diagnosis: {
            "how all stands"
        }
    }

    @Test func `work that goes on is waited for, longer than the patience`() async throws {
        try await detector(Work(pieces: 60)).wait("work") { $0.work == 50 }
    }

    @Test func `work that no longer goes on is stuck, and how all stands is told`() async throws {
        let stuck = await #expect(throws: Stuck.self) {
            try await detector(Work(pieces: 20)).wait("work") { $0.work == 50 }
        }
        #expect(stuck?.description.contains("work: 20") == true)
        #expect(stuck?.description.hasSuffix("how all stands") == true)
    }
}
