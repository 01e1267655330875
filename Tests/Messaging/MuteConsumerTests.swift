import Foundation
import Foundations
import JetStream
import Messaging
import TestSupport
import Testing

/// A consumer that is created while its stream is set up may never send anything, see `JetStreamAPI.isMute`.
@Suite("Mute consumers", .timeLimit(.minutes(1)))
struct MuteConsumerTests {
    private static let rounds = 100
    private static let rivals = 4

    @Test func `a consumer delivers although others created it before its stream was ready`() async throws {
        try await withJetStream { bus, server in
            for round in 1...Self.rounds {
                let stream = StreamDeclaration(name: "S\(round)", subjects: ["s\(round).>"])
                let consumer = ConsumerDeclaration(
                    durable: "worker", filterSubject: stream.subjects[0], ackWait: .seconds(30), maxAckPending: 1_000)
                try await create(consumer, of: stream, by: bus, at: server.url)
                try await bus.declare(stream, consumers: [consumer])
                try await bus.publish("s\(round).a", "x")
                let worker = try await bus.consumer(stream: stream.name, durable: consumer.durable)
                #expect(try await worker.next(waitingAtMost: .seconds(5))?.message.text == "x", "round \(round)")
            }
        }
    }

    /// Creates the stream while others try to create its consumer, until they could.
    private func create(
        _ consumer: ConsumerDeclaration, of stream: StreamDeclaration, by bus: JetStreamBus, at url: String
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...Self.rivals {
                group.addTask {
                    let rival = JetStreamBus(.test(url))
                    defer { rival.close() }
                    try await rival.connect()
                    while try await !rival.creates(consumer, of: stream) {}
                }
            }
            group.addTask { try await bus.declare(stream, consumers: []) }
            try await group.waitForAll()
        }
    }
}

extension JetStreamBus {
    /// Creates the consumer without looking whether the stream is there. Returns whether that succeeded.
    fileprivate func creates(_ consumer: ConsumerDeclaration, of stream: StreamDeclaration) async throws -> Bool {
        let configuration =
            "{\"durable_name\":\"\(consumer.durable)\",\"filter_subject\":\"\(consumer.filterSubject)\","
            + "\"ack_policy\":\"explicit\"}"
        let message = BusMessage(
            subject: "$JS.API.CONSUMER.DURABLE.CREATE.\(stream.name).\(consumer.durable)",
            payload: Data("{\"stream_name\":\"\(stream.name)\",\"config\":\(configuration)}".utf8))
        return try await !request(message, timeout: .seconds(5)).text.contains("\"error\"")
    }
}
