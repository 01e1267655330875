import Foundation
import Messaging
import TestSupport
import Testing

/// What it takes to find messages that a consumer has passed over: both implementations have to behave alike.
@Suite("Rewinding", .timeLimit(.minutes(1)))
struct RewindConformanceTests {
    @Test(arguments: BusUnderTest.allCases)
    func `a consumer that is rewound delivers again what follows, and what was not acknowledged`(
        _ kind: BusUnderTest
    ) async throws {
        try await kind.with { bus in
            let consumer = ConsumerDeclaration.test(filter: "t.a")
            #expect(try await bus.consumerState(stream: "TEST", durable: "worker") == nil)
            var worker = try await bus.worker(consumer)
            for index in 1...6 { try await bus.publish(index == 3 ? "t.b" : "t.a", "\(index)") }
            var deliveries: [Delivery] = []
            for _ in 1...4 { deliveries.append(try await worker.delivery()) }
            for index in [0, 1, 3] { try await deliveries[index].acknowledge() }
            try await eventually("the acknowledgements have arrived") {
                try await bus.consumerState(stream: "TEST", durable: "worker")?.acknowledged ?? 0 >= 2
            }
            #expect(try await bus.consumerState(stream: "TEST", durable: "worker")?.delivered == 5)
            for (sequence, expected) in [
                (5, ["4", "5", "6"]), (1, ["2", "4", "5", "6"]), (0, ["1", "2", "4", "5", "6"]),
            ] {
                try await bus.rewind(consumer, of: "TEST", to: UInt64(sequence))
                try await bus.declare(.test, consumers: [consumer])
                worker = try await bus.consumer(stream: "TEST", durable: "worker")
                var texts: [String] = []
                while texts.last != "6" { texts.append(try await worker.delivery().message.text) }
                #expect(texts.suffix(expected.count) == expected[...])
            }
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `the next message of a pattern is found, with its time`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await bus.declare(.test, consumers: [])
            try await bus.publish("t.a.1", "1")
            try await bus.publish("t.a.2", "2")
            let next = try #require(try await bus.nextMessage(stream: "TEST", after: 0, subject: "t.*.2"))
            #expect(next.sequence == 2 && next.message.text == "2" && abs(next.time.timeIntervalSinceNow) < 60)
            #expect(try await bus.nextMessage(stream: "TEST", after: 1, subject: "t.*.1") == nil)
            #expect(try await bus.nextMessage(stream: "TEST", after: .max, subject: ">") == nil)
        }
    }
}
