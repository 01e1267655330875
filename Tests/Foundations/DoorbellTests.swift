import Foundations
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A doorbell` {
    @Test func `keeps one ring for whoever waits next`() async throws {
        let bell = Doorbell()
        bell.ring()
        bell.ring()
        try await bell.wait()
        let second = Task { try await bell.wait() }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
    }

    @Test func `ends a wait long before its time`() async throws {
        let (bell, woken) = (Doorbell(), Gate())
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addImmediateTask {
                try await bell.wait(atMost: .seconds(600))
                woken.open()
            }
            #expect(!woken.isOpen)
            bell.ring()
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test(arguments: [-1, 0, 5]) func `is waited for as long as was said, not shorter`(milliseconds: Int) async throws {
        let bell = Doorbell()
        let start = ContinuousClock.now
        try await bell.wait(atMost: .milliseconds(milliseconds))
        #expect(ContinuousClock.now - start >= .milliseconds(milliseconds))
        // Whoever gave up has taken no ring along.
        bell.ring()
        try await bell.wait(atMost: .seconds(600))
    }

    @Test func `keeps a ring that comes when a wait was given up`() async throws {
        let bell = Doorbell()
        let waiting = Task { try await bell.wait(atMost: .seconds(600)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        bell.ring()
        try await bell.wait()
    }

    @Test func `loses no ring, whoever is faster`() async throws {
        let (bell, rung) = (Doorbell(), Recorder<Int>())
        for round in 0..<500 {
            async let waited: Void = bell.wait(atMost: .seconds(600))
            bell.ring()
            try await waited
            rung.record(round)
        }
        #expect(rung.count == 500)
    }
}
