import Contracts
import Foundation
import Messaging
import Synchronization
import Testing

@testable import NotifierService

@Suite(.timeLimit(.minutes(1))) struct ConsumerRepairTests {
    /// A clock that stands until it is moved.
    private final class StandingClock: Sendable {
        private let time = Mutex(ContinuousClock.now)

        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func move(by duration: Duration) { time.withLock { $0 += duration } }
    }

    @Test func `a consumer that is not served for too long is made anew where all was acknowledged`() async throws {
        let (broker, clock) = (try await MemoryBroker(), StandingClock())
        let repair = ConsumerRepair(broker.bus, broker.settings, .silent) { clock.now }
        for _ in 0..<3 {
            let subject = broker.subjects.subject(.sample(), permit: .implementation)
            _ = try await broker.bus.publish(BusMessage(subject: subject, payload: Data()), messageID: nil)
        }
        try await broker.consume(1, of: "coder")
        try await repair.run()
        broker.bus.silence("coder", of: StreamNames.events)
        for wait in [Duration.zero, .seconds(29)] {
            clock.move(by: wait)
            try await repair.run()
            await #expect(throws: BusError.self) {
                try await broker.bus.consumerState(stream: StreamNames.events, durable: "coder")
            }
        }
        clock.move(by: .seconds(1))
        try await repair.run()
        #expect(try await broker.consume(2, of: "coder") == [2, 3])
    }

    @Test func `nothing is made of consumers while there is no stream`() async throws {
        let broker = try await MemoryBroker()
        broker.bus.remove(stream: StreamNames.events)
        try await ConsumerRepair(broker.bus, broker.settings, .silent).run()
        #expect(try await broker.bus.streamState(StreamNames.events) == nil)
    }
}
