import Foundation
import Messaging
import Testing

/// Durable streams and pull consumers: both implementations have to behave alike.
@Suite("Streams", .timeLimit(.minutes(1)), .serialized)
struct StreamConformanceTests {
    @Test(arguments: BusUnderTest.allCases)
    func `a stored message is delivered as it was published`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            let message = BusMessage(
                subject: "t.a", headers: ["traceparent": "00-ab-01"], payload: Data([0, 1, 255, 13, 10]))
            let receipt = try await bus.publish(message, messageID: "m1")
            #expect(receipt == PublishReceipt(stream: "TEST", sequence: 1, isDuplicate: false))
            let delivery = try await worker.delivery()
            #expect(delivery.message.subject == "t.a")
            #expect(delivery.message.payload == message.payload)
            #expect(delivery.message.headers == ["traceparent": "00-ab-01", "Nats-Msg-Id": "m1"])
            #expect(delivery.message.reply == nil)
            #expect(delivery.stream == "TEST")
            #expect(delivery.sequence == 1)
            #expect(delivery.deliveryCount == 1)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `messages come in order and an acknowledged one does not come again`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker(.test(ackWait: .milliseconds(300)))
            for index in 1...20 { try await bus.publish("t.\(index)", "\(index)") }
            for index in 1...20 {
                let delivery = try await worker.delivery()
                #expect(delivery.message.text == "\(index)")
                try await delivery.acknowledge()
            }
            #expect(try await worker.next(waitingAtMost: .milliseconds(600)) == nil)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `an unacknowledged message is delivered again after the wait`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker(.test(ackWait: .milliseconds(300)))
            try await bus.publish("t.a", "x")
            #expect(try await worker.delivery().deliveryCount == 1)
            let again = try await worker.delivery()
            #expect(again.deliveryCount == 2)
            #expect(again.sequence == 1)
            try await again.acknowledge()
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a negative acknowledgement brings the message back at once`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            try await bus.publish("t.a", "x")
            try await worker.delivery().negativeAcknowledge()
            #expect(try await worker.delivery().deliveryCount == 2)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a nak delays redelivery`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            try await bus.publish("t.a", "x")
            try await worker.delivery().negativeAcknowledge(delay: .milliseconds(500))
            let start = ContinuousClock.now
            #expect(try await worker.next(waitingAtMost: .milliseconds(200)) == nil)
            #expect(try await worker.delivery().deliveryCount == 2)
            #expect(start.duration(to: .now) > .milliseconds(450))
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a terminated message does not come again`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker(.test(ackWait: .milliseconds(200)))
            try await bus.publish("t.a", "x")
            try await worker.delivery().terminate()
            #expect(try await worker.next(waitingAtMost: .milliseconds(500)) == nil)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `no more than the allowed number is unacknowledged at a time`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker(.test(maxAckPending: 1))
            try await bus.publish("t.a", "1")
            try await bus.publish("t.a", "2")
            let first = try await worker.delivery()
            #expect(try await worker.next(waitingAtMost: .milliseconds(200)) == nil)
            try await first.acknowledge()
            #expect(try await worker.delivery().message.text == "2")
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a message with an id that is known is not stored again`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await bus.declare(.test, consumers: [])
            let first = try await bus.publish("t.a", "x", id: "same")
            let second = try await bus.publish("t.b", "y", id: "same")
            #expect(!first.isDuplicate)
            #expect(second == PublishReceipt(stream: "TEST", sequence: first.sequence, isDuplicate: true))
            #expect(try await bus.streamState("TEST")?.messages == 1)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `an id is forgotten after the window`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let stream = StreamDeclaration(name: "TEST", subjects: ["t.>"], duplicateWindow: .milliseconds(100))
            try await bus.declare(stream, consumers: [.test()])
            let worker = try await bus.consumer(stream: "TEST", durable: "worker")
            try await bus.publish("t.a", "x", id: "same")
            try await worker.delivery().acknowledge()
            // The server forgets ids in the background: only that it does can be told, not when exactly.
            while try await bus.publish("t.a", "x", id: "same").isDuplicate {
                #expect(try await worker.next(waitingAtMost: .milliseconds(50)) == nil)
            }
            #expect(try await worker.delivery().sequence == 2)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a consumer gets what its filter matches`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker(.test(filter: "t.*.*.wanted"))
            for subject in ["t.a.b.other", "t.a.b.wanted", "t.a.wanted", "t.a.b.c.wanted", "t.x.y.wanted"] {
                try await bus.publish(subject, subject)
            }
            #expect(try await worker.delivery().message.subject == "t.a.b.wanted")
            #expect(try await worker.delivery().message.subject == "t.x.y.wanted")
            #expect(try await worker.next(waitingAtMost: .milliseconds(100)) == nil)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `several waiting tasks each get a message`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let delivery = try await worker.delivery()
                        try await delivery.acknowledge()
                        return delivery.message.text
                    }
                }
                for index in 0..<8 { try await bus.publish("t.a", "\(index)") }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(texts.count == 8)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `waiting in vain ends in time`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            let start = ContinuousClock.now
            #expect(try await worker.next(waitingAtMost: .milliseconds(200)) == nil)
            let taken = start.duration(to: .now)
            #expect(taken >= .milliseconds(200) && taken < .seconds(1))
            #expect(try await worker.next(waitingAtMost: .zero) == nil)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `cancellation ends the wait at once and loses no message`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            for index in 0..<20 {
                let task = Task { try await worker.next(waitingAtMost: .seconds(30)) }
                #expect(try await worker.next(waitingAtMost: .milliseconds(20)) == nil)
                let start = ContinuousClock.now
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(start.duration(to: .now) < .milliseconds(500))
                try await bus.publish("t.a", "\(index)")
                let delivery = try await worker.delivery()
                #expect(delivery.message.text == "\(index)")
                try await delivery.acknowledge()
            }
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a message that comes for a cancelled task goes to another consumer's task`(
        _ kind: BusUnderTest
    ) async throws {
        try await kind.with { bus in
            let one = try await bus.worker()
            let other = try await bus.consumer(stream: "TEST", durable: "worker")
            let task = Task { try await one.next(waitingAtMost: .seconds(30)) }
            #expect(try await other.next(waitingAtMost: .milliseconds(100)) == nil)
            task.cancel()
            _ = await task.result
            try await bus.publish("t.a", "x")
            #expect(try await other.delivery().message.text == "x")
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a declaration can be repeated and changed without losing anything`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            try await bus.publish("t.a", "1")
            try await bus.publish("t.a", "2")
            try await worker.delivery().acknowledge()
            try await bus.declare(.test, consumers: [.test()])
            let wider = StreamDeclaration(name: "TEST", subjects: ["t.>", "u.*"], maxAge: .seconds(3600))
            try await bus.declare(wider, consumers: [.test(ackWait: .seconds(5), maxAckPending: 10)])
            try await bus.publish("u.a", "3")
            #expect(try await bus.streamState("TEST")?.messages == 3)
            #expect(try await worker.delivery().message.text == "2")
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a stream's state tells its sequences`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            #expect(try await bus.streamState("TEST") == nil)
            try await bus.declare(.test, consumers: [])
            let empty = try #require(try await bus.streamState("TEST"))
            #expect(empty.messages == 0 && empty.firstSequence == 1 && empty.lastSequence == 0)
            #expect(abs(empty.created.timeIntervalSinceNow) < 30)
            for _ in 0..<3 { try await bus.publish("t.a", "x") }
            try await bus.erase(stream: "TEST", sequence: 1, subject: "t.a")
            let state = try #require(try await bus.streamState("TEST"))
            #expect(state.messages == 2 && state.firstSequence == 2 && state.lastSequence == 3)
            #expect(state.created == empty.created)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `an erased message is gone for every consumer`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            for index in 1...3 { try await bus.publish("t.a", "\(index)") }
            try await bus.erase(stream: "TEST", sequence: 2, subject: "t.a")
            #expect(try await worker.delivery().sequence == 1)
            #expect(try await worker.delivery().sequence == 3)
            let again = await busError { try await bus.erase(stream: "TEST", sequence: 2, subject: "t.a") }
            #expect(again?.code == .notFound)
            let missing = await busError { try await bus.erase(stream: "NONE", sequence: 1, subject: "t.a") }
            #expect(missing?.code == .notFound)
        }
    }

    /// Where a stream was put back, a sequence that somebody remembers is another message's.
    @Test(arguments: BusUnderTest.allCases)
    func `a message of another subject is not erased`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await bus.declare(.test, consumers: [])
            try await bus.publish("t.a", "kept")
            let other = await busError { try await bus.erase(stream: "TEST", sequence: 1, subject: "t.b") }
            #expect(other?.code == .notFound)
            #expect(try await bus.message(stream: "TEST", sequence: 1)?.payload == Data("kept".utf8))
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `the last message of a subject or pattern is found`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await bus.declare(.test, consumers: [])
            let message = BusMessage(subject: "t.a.1", headers: ["Key": "a: value"], payload: Data([0, 7]))
            _ = try await bus.publish(message, messageID: nil)
            try await bus.publish("t.a.2", "2")
            try await bus.publish("t.b.1", "3")
            let exact = try #require(try await bus.lastMessage(stream: "TEST", subject: "t.a.1"))
            #expect(exact.sequence == 1)
            #expect(exact.message == message)
            #expect(try await bus.lastMessage(stream: "TEST", subject: "t.a.*")?.sequence == 2)
            #expect(try await bus.lastMessage(stream: "TEST", subject: "t.*.1")?.sequence == 3)
            #expect(try await bus.lastMessage(stream: "TEST", subject: "t.>")?.sequence == 3)
            #expect(try await bus.lastMessage(stream: "TEST", subject: "t.c") == nil)
            let missing = await busError { _ = try await bus.lastMessage(stream: "NONE", subject: "t.>") }
            #expect(missing?.code == .notFound)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `the message at a sequence is found`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            try await bus.declare(.test, consumers: [])
            let message = BusMessage(subject: "t.a.1", headers: ["Key": "value"], payload: Data([0, 7]))
            _ = try await bus.publish(message, messageID: "one")
            try await bus.publish("t.a.2", "2")
            let first = try #require(try await bus.message(stream: "TEST", sequence: 1))
            #expect(first.payload == message.payload)
            #expect(first.headers[BusMessage.messageIDHeader] == "one")
            #expect(try await bus.message(stream: "TEST", sequence: 3) == nil)
            try await bus.erase(stream: "TEST", sequence: 1, subject: "t.a.1")
            #expect(try await bus.message(stream: "TEST", sequence: 1) == nil)
            let missing = await busError { _ = try await bus.message(stream: "NONE", sequence: 1) }
            #expect(missing?.code == .notFound)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a publish that no stream stores fails at once`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let start = ContinuousClock.now
            let error = await busError { try await bus.publish("nobody.stores.this", "x") }
            #expect(error?.code == .noResponders)
            #expect(start.duration(to: .now) < .seconds(1))
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a consumer that does not exist cannot be bound to`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let missing = await busError { _ = try await bus.consumer(stream: "TEST", durable: "worker") }
            #expect(missing?.code == .notFound)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a message too large for the stream is refused`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let stream = StreamDeclaration(name: "TEST", subjects: ["t.>"], maxMessageSize: 100)
            try await bus.declare(stream, consumers: [])
            let text = String(repeating: "x", count: 101)
            let error = await busError { try await bus.publish("t.a", text) }
            #expect(error?.code == .payloadTooLarge)
            #expect(error?.isRetriable == false)
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a megabyte with its headers is the limit`(_ kind: BusUnderTest) async throws {
        try await kind.with { bus in
            let worker = try await bus.worker()
            let full = BusMessage(subject: "t.a", payload: Data(repeating: 7, count: 1_048_576))
            _ = try await bus.publish(full, messageID: nil)
            #expect(try await worker.delivery().message.payload == full.payload)
            let error = await busError { _ = try await bus.publish(full, messageID: "id") }
            #expect(error?.code == .payloadTooLarge)
            let larger = BusMessage(subject: "t.a", payload: Data(repeating: 7, count: 1_048_577))
            #expect(await busError { try await bus.send(larger) }?.code == .payloadTooLarge)
            try await bus.publish("t.a", "the connection still stands")
        }
    }
}
