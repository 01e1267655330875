import CNATS
import FoundationEssentials
import Foundations
import Messaging
import Synchronization

/// The one connection of the process: owns the library's handle.
///
/// While the library reconnects, a write can block for as long as an attempt to connect takes. So everything that may
/// block runs in order on a thread of its own, never on one of Swift's cooperative pool.
final class NATSConnection: Sendable {
    /// What happens to the connection.
    let events: ConnectionEvents
    private let handle = Mutex<NATSHandle?>(nil)
    private let isStarted = Flag()
    private let thread = BlockingExecutor(label: "jetstream.connection")

    init(events: ConnectionEvents) { self.events = events }

    deinit {
        guard let handle = handle.withLock({ $0 }) else { return }
        thread.post { natsConnection_Destroy(handle.raw) }
    }

    /// Starts the connection, unless it was started before: it is tried again and again until it stands, as ``events``
    /// tell.
    ///
    /// - Parameter prepare: Done with the open connection before anybody is told of it. Runs on the thread.
    func open(_ configuration: JetStreamConfiguration, _ prepare: @escaping @Sendable () throws -> Void) async throws {
        try await thread.run { [self] in
            guard !isStarted.isSet else { return }
            try connect(configuration, prepare)
            isStarted.set()
        }
    }

    /// Writes a message and waits until the library took it.
    func send(_ message: BusMessage) async throws {
        try await thread.run { [self] in try Self.publish(message, on: opened()) }
    }

    /// Writes a message without waiting; `failed` learns if the library did not take it.
    func post(_ message: BusMessage, failed: @escaping @Sendable (any Error) -> Void) {
        thread.post { [self] in
            do { try Self.publish(message, on: opened()) } catch { failed(error) }
        }
    }

    /// Subscribes. While connected it returns only when the subscription is in force on the server.
    ///
    /// `receive` and `ended` run on a thread of the library and must not block.
    func subscribe(
        _ pattern: String, queueGroup: String? = nil, ended: @escaping @Sendable () -> Void = {},
        receive: @escaping @Sendable (IncomingMessage) -> Void
    ) async throws -> NATSSubscription {
        try await thread.run { [self] in
            let subscription = try subscription(to: pattern, queueGroup: queueGroup, ended: ended, receive: receive)
            if events.isConnected { _ = natsConnection_FlushTimeout(try opened(), 2_000) }
            return subscription
        }
    }

    /// Subscribes. Runs on the thread.
    func subscription(
        to pattern: String, queueGroup: String? = nil, ended: @escaping @Sendable () -> Void = {},
        receive: @escaping @Sendable (IncomingMessage) -> Void
    ) throws -> NATSSubscription {
        let context = SubscriptionContext(thread: thread, receive: receive, ended: ended)
        try context.start(on: opened(), pattern: pattern, queueGroup: queueGroup)
        return NATSSubscription(context: context, connection: self)
    }

    /// Ends the subscriptions once what arrived is handed out, sends what is unsent, and closes.
    func drain(within limit: Duration) {
        thread.post { [self] in
            guard let raw = try? opened() else { return events.report(.closed(Self.neverOpened)) }
            if natsConnection_DrainTimeout(raw, Int64(limit.milliseconds)) != NATS_OK { natsConnection_Close(raw) }
        }
    }

    /// Closes at once.
    func close() {
        thread.post { [self] in
            guard let raw = try? opened() else { return events.report(.closed(Self.neverOpened)) }
            natsConnection_Close(raw)
        }
    }

    private static let neverOpened = BusError(.disconnected, "the bus was never connected")

    private func opened() throws -> OpaquePointer {
        guard let handle = handle.withLock({ $0 }) else { throw Self.neverOpened }
        return handle.raw
    }

    /// How often a server that is there may refuse us before that counts: one that has just started was seen to refuse
    /// a login that it took right after.
    private static let refusals = 7
    private static let pause = Duration.milliseconds(200)

    /// Connects, now or later. Runs on the thread.
    ///
    /// The library (3.4.1) could go on trying itself, but ends that for good where the first server that it reaches
    /// hangs up, or one refuses a login twice.
    private func connect(
        _ configuration: JetStreamConfiguration, refusals: Int = 0, _ prepare: @escaping @Sendable () throws -> Void
    ) throws {
        guard events.end == nil else { return }
        let (opened, status) = try Self.attempt(configuration, events)
        if let opened {
            handle.withLock { $0 = opened }
            // A connection that is closed already says so itself.
            if (try? prepare()) != nil { events.report(.connected) }
            return
        }
        let refusal = BusError(refusal: status)
        let refusals = refusals + (refusal == nil ? 0 : 1)
        if let refusal, refusals == Self.refusals { return events.report(.closed(refusal)) }
        thread.post(after: Self.pause) { [weak self] in
            // What is wrong with the configuration was told the first time.
            try? self?.connect(configuration, refusals: refusals, prepare)
        }
    }

    /// One call of the library; without a connection it says why there is none.
    private static func attempt(
        _ configuration: JetStreamConfiguration, _ events: ConnectionEvents
    ) throws(BusError) -> (NATSHandle?, natsStatus) {
        let options = try ConnectionOptions()
        try options.apply(configuration)
        let context = Unmanaged.passRetained(events)
        do throws(BusError) {
            try ConnectionCallbacks.install(options, events: context)
        } catch {
            context.release()
            throw error
        }
        var connection: OpaquePointer?
        let status = natsConnection_Connect(&connection, options.raw)
        guard status == NATS_OK, let connection else {
            context.release()
            return (nil, status == NATS_OK ? NATS_ERR : status)
        }
        return (NATSHandle(raw: connection), status)
    }

    private static func publish(_ message: BusMessage, on connection: OpaquePointer) throws {
        var raw: OpaquePointer?
        let status = message.payload.withUnsafeBytes { bytes in
            natsMsg_Create(
                &raw, message.subject, message.reply, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
        }
        try check(status)
        guard let raw else { throw BusError(.other, "the client library gave no message") }
        defer { natsMsg_Destroy(raw) }
        for (name, value) in message.headers { try check(natsMsgHeader_Set(raw, name, value)) }
        try check(natsConnection_PublishMsg(connection, raw))
    }
}
