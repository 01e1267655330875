import Foundation
import Foundations
import JetStream
import Messaging
import Synchronization
import TestSupport
import Testing

/// What the real bus does when the server dies, loses its store, or falls silent.
@Suite("JetStream failures", .timeLimit(.minutes(1)), .serialized)
struct JetStreamFailureTests {
    @Test func `over a crash of the server work goes on and nothing acknowledged is lost`() async throws {
        try await withJetStream { bus, server in
            let worker = try await bus.worker(.test(ackWait: .seconds(2)))
            let stored = Recorder<String>()
            let received = Recorder<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await publishUntilCancelled(bus, stored) }
                group.addTask { try await consumeUntilCancelled(worker, received) }
                for round in 1...3 {
                    try await stored.wait(for: stored.count + 200)
                    try await received.wait(for: received.count + 200)
                    try await server.kill()
                    if round == 2 { #expect(try await worker.next(waitingAtMost: .milliseconds(200)) == nil) }
                    try await server.restart()
                }
                try await stored.wait(for: stored.count + 200)
                group.cancelAll()
                while try await group.next() != nil {}
            }
            var kept = Set(received.elements)
            while !kept.isSuperset(of: stored.elements) {
                // Acknowledged, or the server would stop at the most that may be pending.
                let delivery = try await worker.delivery()
                kept.insert(delivery.message.text)
                try await delivery.acknowledge()
            }
            let state = try await bus.streamState("TEST")
            #expect(state?.messages ?? 0 >= UInt64(Set(stored.elements).count))
        }
    }

    @Test func `a publish in flight over a crash is stored once`() async throws {
        try await withJetStream { bus, server in
            try await bus.declare(.test, consumers: [])
            server.pause()
            async let receipt = bus.publish("t.a", "x", id: "once")
            #expect(
                await busError { _ = try await bus.request(BusMessage(subject: "n"), timeout: .milliseconds(50)) }
                    != nil)
            try await server.restart()
            let sequence = try await receipt.sequence
            let again = try await bus.publish("t.a", "x", id: "once")
            #expect(again == PublishReceipt(stream: "TEST", sequence: sequence, isDuplicate: true))
            #expect(try await bus.streamState("TEST")?.messages == 1)
        }
    }

    @Test func `after the store was wiped a new declaration brings everything back`() async throws {
        try await withJetStream { bus, server in
            let worker = try await bus.worker()
            let before = try #require(try await bus.streamState("TEST"))
            try await bus.publish("t.a", "lost")
            try await server.wipeStore()
            try await server.restart()
            let missing = await busError { _ = try await worker.next(waitingAtMost: .seconds(20)) }
            #expect(missing?.code == .notFound)
            #expect(missing?.isRetriable == true)
            #expect(try await bus.streamState("TEST") == nil)
            try await bus.declare(.test, consumers: [.test()])
            try await bus.publish("t.a", "new")
            #expect(try await worker.delivery().message.text == "new")
            #expect(try #require(try await bus.streamState("TEST")).created > before.created)
        }
    }

    @Test
    func `a consumer that is ahead of its stream hands out nothing of others, and nothing is missed once rewound`()
        async throws
    {
        try await withJetStream { bus, server in
            let consumer = ConsumerDeclaration.test(ackWait: .seconds(1), filter: "t.task.*")
            let worker = try await bus.worker(consumer)
            try await bus.publish("t.event", "1")
            try await server.copyStore()
            for index in 2...4 { try await bus.publish("t.task.\(index)", "\(index)") }
            try await worker.delivery().acknowledge()
            for _ in 3...4 { _ = try await worker.delivery() }
            try await eventually("the acknowledgement has arrived") {
                try await bus.consumerState(stream: "TEST", durable: "worker")?.acknowledged == 2
            }
            // In good order, so that what the consumer knows is stored.
            try await server.stop()
            try await server.putMessagesBack()
            try await server.restart()
            for (subject, text) in [("t.task.a", "a"), ("t.event", "b"), ("t.event", "c"), ("t.task.d", "d")] {
                try await bus.publish(subject, text)
            }
            // The two that were not acknowledged are due again, and their sequences are events now.
            var seen: Set<String> = []
            while try await bus.consumerState(stream: "TEST", durable: "worker")?.outstanding != 0 {
                guard let delivery = try await worker.next(waitingAtMost: .milliseconds(200)) else { continue }
                seen.insert(delivery.message.text)
                try await delivery.acknowledge()
            }
            // Newer servers put the consumer back too, and hand out what is new where it was before.
            #expect(seen.contains("d") && seen.isDisjoint(with: ["b", "c"]))
            try await bus.rewind(consumer, of: "TEST", to: 1)
            let again = try await bus.consumer(stream: "TEST", durable: "worker")
            #expect(try await again.delivery().message.text == "a")
            #expect(try await again.delivery().message.text == "d")
        }
    }

    @Test func `a wait for a message ends in time although the server is down or silent`() async throws {
        try await withJetStream { bus, server in
            let worker = try await bus.worker()
            server.pause()
            #expect(try await worker.next(waitingAtMost: .milliseconds(200)) == nil)
            try await server.kill()
            #expect(try await worker.next(waitingAtMost: .milliseconds(200)) == nil)
            let task = Task { try await worker.next(waitingAtMost: .seconds(30)) }
            let error = await busError {
                _ = try await bus.request(BusMessage(subject: "svc"), timeout: .milliseconds(200))
            }
            #expect(error?.code == .disconnected)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await server.restart()
            try await bus.publish("t.a", "x")
            #expect(try await worker.delivery().message.text == "x")
        }
    }

    @Test func `a request that ran out of time while the server was down is not sent later`() async throws {
        try await withJetStream { bus, server in
            try await bus.declare(.test, consumers: [])
            try await server.kill()
            // Until the requests know it too, one is written, and sent once there is a connection.
            func code(_ subject: String) async -> BusError.Code? {
                await busError { _ = try await bus.request(BusMessage(subject: subject), timeout: .milliseconds(50)) }?
                    .code
            }
            while await code("probe") != .disconnected {}
            #expect(await code("t.late") == .disconnected)
            try await server.restart()
            try await bus.publish("t.a", "x")
            #expect(try await bus.streamState("TEST")?.messages == 1)
        }
    }

    @Test func `an erased message leaves no bytes in the store`() async throws {
        try await withJetStream { bus, server in
            try await bus.declare(.test, consumers: [])
            let secret = "secret-\(UUID().uuidString)"
            try await bus.publish("t.before", "before")
            let receipt = try await bus.publish("t.a", secret)
            try await bus.publish("t.after", "after")
            #expect(try server.storeHolds(secret))
            try await bus.erase(stream: "TEST", sequence: receipt.sequence, subject: "t.a")
            #expect(try !server.storeHolds(secret))
            #expect(try server.storeHolds("before"))
            try await server.restart()
            #expect(try await bus.streamState("TEST")?.messages == 2)
            #expect(try !server.storeHolds(secret))
        }
    }

    private func publishUntilCancelled(_ bus: JetStreamBus, _ stored: Recorder<String>) async throws {
        var index = 0
        while !Task.isCancelled {
            do {
                try await bus.publish("t.a", "\(index)", id: "\(index)")
                stored.record("\(index)")
                index += 1
            } catch let error as BusError where error.isRetriable {
                continue
            } catch is CancellationError {
                return
            }
        }
    }

    private func consumeUntilCancelled(_ worker: any PullConsumer, _ received: Recorder<String>) async throws {
        while !Task.isCancelled {
            do {
                guard let delivery = try await worker.next(waitingAtMost: .seconds(5)) else { continue }
                received.record(delivery.message.text)
                try await delivery.acknowledge()
            } catch let error as BusError where error.isRetriable {
                // The acknowledgement was lost with the connection: the message comes again.
                continue
            } catch is CancellationError {
                return
            }
        }
    }
}

extension NATSServer {
    /// Whether any file of the store holds `text`.
    func storeHolds(_ text: String) throws -> Bool {
        let needle = Data(text.utf8)
        let store = URL(fileURLWithPath: folder.path("store"))
        let files = FileManager.default.enumerator(at: store, includingPropertiesForKeys: [.isRegularFileKey])
        for case let file as URL in files ?? .init() {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            if try Data(contentsOf: file).range(of: needle) != nil { return true }
        }
        return false
    }
}
