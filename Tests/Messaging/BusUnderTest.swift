import Foundation
import Foundations
import JetStream
import Logging
import Messaging
import TestSupport

/// The implementations that the conformance suite runs against.
enum BusUnderTest: CaseIterable, Sendable {
    case inMemory
    case jetStream

    /// Runs `body` with a fresh bus.
    func with(_ body: (any MessageBus) async throws -> Void) async throws {
        switch self {
        case .inMemory: try await body(InMemoryBus())
        case .jetStream: try await withJetStream { bus, _ in try await body(bus) }
        }
    }
}

extension JetStreamConfiguration {
    /// The configuration for a server of the tests.
    static func test(_ url: String, answerTimeout: Duration = .seconds(5)) -> JetStreamConfiguration {
        JetStreamConfiguration(
            url: Secret(url), name: "test", connectTimeout: .seconds(10), answerTimeout: answerTimeout,
            logger: Logger(label: "test"))
    }
}

/// Runs `body` with a connected bus and its own server.
func withJetStream(
    settings: String = "", _ body: (JetStreamBus, NATSServer) async throws -> Void
) async throws {
    let server = try await NATSServer.start(settings: settings)
    let bus = JetStreamBus(.test(server.url))
    try await bus.connect()
    do {
        try await body(bus, server)
    } catch {
        bus.close()
        try? await server.stop()
        throw error
    }
    bus.close()
    try await server.stop()
}

extension StreamDeclaration {
    /// A stream for everything under `t.`.
    static let test = StreamDeclaration(name: "TEST", subjects: ["t.>"])
}

extension ConsumerDeclaration {
    /// A consumer of everything under `t.`.
    static func test(ackWait: Duration = .seconds(30), filter: String = "t.>", maxAckPending: Int = 1_000) -> Self {
        Self(durable: "worker", filterSubject: filter, ackWait: ackWait, maxAckPending: maxAckPending)
    }
}

extension MessageBus {
    /// Declares the test stream with one consumer and binds to it.
    func worker(_ consumer: ConsumerDeclaration = .test()) async throws -> any PullConsumer {
        try await declare(.test, consumers: [consumer])
        return try await self.consumer(stream: "TEST", durable: consumer.durable)
    }

    /// Publishes a text durably.
    @discardableResult
    func publish(_ subject: String, _ text: String, id: String? = nil) async throws -> PublishReceipt {
        try await publish(BusMessage(subject: subject, payload: Data(text.utf8)), messageID: id)
    }
}

extension PullConsumer {
    /// The next message, within a time that is only reached when the test fails.
    func delivery() async throws -> Delivery {
        guard let delivery = try await next(waitingAtMost: .seconds(10)) else { throw NothingCame() }
        return delivery
    }
}

/// A message that had to come did not.
struct NothingCame: Error {}

extension BusMessage {
    /// The payload as text.
    var text: String { String(decoding: payload, as: UTF8.self) }
}

/// The error that `body` throws, if it is one of the bus.
func busError(_ body: () async throws -> Void) async -> BusError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? BusError
    }
}
