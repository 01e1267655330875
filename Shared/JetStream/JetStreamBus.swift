import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceLifecycle

/// The bus on a NATS server with JetStream, over one connection.
///
/// Call ``connect()`` first; the bus can be used from then on. ``run()`` ends it in an orderly way when the process
/// shuts down. A lost connection is restored for as long as it takes.
package final class JetStreamBus: MessageBus, Service {
    private let configuration: JetStreamConfiguration
    private let connection: NATSConnection
    private let deadlines: Deadlines
    private let requests: Requests
    private let api: JetStreamAPI

    package init(_ configuration: JetStreamConfiguration) {
        self.configuration = configuration
        connection = NATSConnection(events: ConnectionEvents(logger: configuration.logger))
        deadlines = Deadlines(label: "jetstream.deadlines")
        requests = Requests(
            connection: connection, deadlines: deadlines, inbox: Self.inbox(configuration.inboxPrefix))
        api = JetStreamAPI(requests: requests, timeout: configuration.answerTimeout)
    }

    package var isConnected: Bool { connection.events.isConnected }

    package var interruptions: Int { connection.events.interruptions }

    package func newInbox() -> String { Self.inbox(configuration.inboxPrefix) }

    private static func inbox(_ prefix: String) -> String {
        "\(prefix).\(UUID().uuidString.lowercased().filter { $0 != "-" })"
    }

    // MARK: Life

    /// Connects and waits until the connection stands. May be called again after an error, to wait again.
    ///
    /// - Throws: ``BusError/Code/disconnected`` if no server is reached within the configured time (attempts go on),
    ///   ``BusError/Code/permission`` if the server keeps refusing the login or there is none to show,
    ///   ``BusError/Code/other`` for a bad setting.
    package func connect() async throws {
        try await connection.open(configuration) { [weak requests] in try requests?.start() }
        let connected = Promise<Void>()
        let observer = connection.events.observe { event in
            switch event {
            case .connected: connected.succeed(())
            case .closed(let error): connected.fail(error)
            case .disconnected, .refused: break
            }
        }
        let deadline = deadlines.schedule(after: configuration.connectTimeout) {
            connected.fail(BusError(.disconnected, "no server of the bus was reached in time"))
        }
        defer {
            deadlines.cancel(deadline)
            connection.events.forget(observer)
        }
        try await connected.value()
    }

    /// Waits for a graceful shutdown, then hands out what has arrived, sends what is unsent, and closes.
    ///
    /// - Throws: if the connection ends before, which only happens when the server keeps refusing the login.
    package func run() async throws {
        let closed = Promise<BusError>()
        let observer = connection.events.observe { event in
            if case .closed(let error) = event { closed.succeed(error) }
        }
        defer { connection.events.forget(observer) }
        let isShuttingDown = Flag()
        let error = try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await closed.value()
            } onGracefulShutdown: {
                isShuttingDown.set()
                self.connection.drain(within: .seconds(5))
            }
        } onCancel: {
            self.connection.close()
        }
        if !isShuttingDown.isSet { throw error }
    }

    /// Closes the connection at once. Whatever still waits fails with ``BusError/Code/disconnected``.
    package func close() { connection.close() }

    // MARK: Messages

    package func publish(_ message: BusMessage, messageID: String?) async throws -> PublishReceipt {
        var message = message
        if let messageID { message.headers[BusMessage.messageIDHeader] = messageID }
        // Without an id a message sent twice would be stored twice.
        let answer = try await requests.ask(
            message, timeout: configuration.answerTimeout, isRepeatable: messageID != nil)
        guard answer.status == nil else {
            throw BusError(.noResponders, "no stream stores the subject")
        }
        return try PublishReceipt(api: JetStreamAPI.parse(answer.message.payload))
    }

    package func request(_ message: BusMessage, timeout: Duration) async throws -> BusMessage {
        let answer = try await requests.ask(message, timeout: timeout, isRepeatable: false)
        guard answer.status != 503 else { throw BusError(.noResponders, "nobody answers on the subject") }
        return answer.message
    }

    package func send(_ message: BusMessage) async throws {
        try message.validate()
        try await connection.send(message)
    }

    package func subscribe(_ pattern: String, queueGroup: String?) async throws -> BusSubscription {
        try await subscribe([pattern], queueGroup: queueGroup)
    }

    /// One subscription to several patterns: their messages come in the order of arrival.
    package func subscribe(_ patterns: [String], queueGroup: String? = nil) async throws -> BusSubscription {
        for pattern in patterns { try Subject.validatePattern(pattern) }
        if let queueGroup { try Subject.validateName(queueGroup) }
        return try await BusSubscription { continuation in
            var subscriptions: [NATSSubscription] = []
            for pattern in patterns {
                let subscription = try await connection.subscribe(pattern, queueGroup: queueGroup) {
                    continuation.finish()
                } receive: {
                    continuation.yield($0.message)
                }
                subscriptions.append(subscription)
            }
            return { [subscriptions] in for subscription in subscriptions { subscription.cancel() } }
        }
    }

    // MARK: Streams

    package func consumer(stream: String, durable: String) async throws -> any PullConsumer {
        try Subject.validateName(stream)
        try Subject.validateName(durable)
        let info = try await api.call("CONSUMER.INFO.\(stream).\(durable)")
        let consumer = JetStreamConsumer(
            connection: connection, deadlines: deadlines, inbox: newInbox(), stream: stream, durable: durable,
            filter: info["config"]?["filter_subject"]?.stringValue ?? ">", logger: configuration.logger)
        try await consumer.start()
        return consumer
    }

    package func declare(_ stream: StreamDeclaration, consumers: [ConsumerDeclaration]) async throws {
        try stream.validate()
        for consumer in consumers { try consumer.validate() }
        try await api.declare(stream)
        for consumer in consumers { try await api.declare(consumer, on: stream.name) }
    }

    package func consumerState(stream: String, durable: String) async throws -> ConsumerState? {
        try Subject.validateName(stream)
        try Subject.validateName(durable)
        return try await api.consumerState(durable, of: stream)
    }

    package func rewind(_ consumer: ConsumerDeclaration, of stream: String, to sequence: UInt64) async throws {
        try Subject.validateName(stream)
        try consumer.validate()
        try await api.rewind(consumer, of: stream, to: sequence)
    }

    package func erase(stream: String, sequence: UInt64, subject: String) async throws {
        guard try await message(stream: stream, sequence: sequence)?.subject == subject else {
            throw BusError(.notFound, "another message has the sequence")
        }
        // Asked again of a server that was put back to an older store, it would erase what has the place by then.
        _ = try await api.call(
            "STREAM.MSG.DELETE.\(stream)", ["seq": .int(Int(clamping: sequence))], isRepeatable: false)
    }

    package func streamState(_ stream: String) async throws -> StreamState? {
        try Subject.validateName(stream)
        return try await api.find("STREAM.INFO.\(stream)").map { try StreamState(api: $0) }
    }

    package func lastMessage(
        stream: String, subject: String
    ) async throws -> (sequence: UInt64, message: BusMessage)? {
        try Subject.validateName(stream)
        try Subject.validatePattern(subject)
        return try await api.lastMessage(stream: stream, subject: subject)
    }

    package func nextMessage(
        stream: String, after sequence: UInt64, subject: String
    ) async throws -> (sequence: UInt64, time: Date, message: BusMessage)? {
        try Subject.validateName(stream)
        try Subject.validatePattern(subject)
        return try await api.nextMessage(stream: stream, after: sequence, subject: subject)
    }

    package func message(stream: String, sequence: UInt64) async throws -> BusMessage? {
        try Subject.validateName(stream)
        return try await api.message(stream: stream, sequence: sequence)
    }
}
