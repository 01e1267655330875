import CNATS
import Dispatch
import FoundationEssentials
import Foundations
import Messaging
import Synchronization

/// The one connection of the process: owns the library's handle.
///
/// While the library reconnects, a write can block for as long as an attempt to connect takes. So everything that may
/// block runs in order on a queue of its own, never on a thread of Swift's cooperative pool.
final class NATSConnection: Sendable {
    /// What happens to the connection.
    let events: ConnectionEvents
    private let handle = Mutex<NATSHandle?>(nil)
    private let queue = DispatchQueue(label: "jetstream.connection")

    init(events: ConnectionEvents) { self.events = events }

    deinit {
        guard let handle = handle.withLock({ $0 }) else { return }
        queue.async { natsConnection_Destroy(handle.raw) }
    }

    /// Starts the connection. If no server is reached at once the library goes on trying. Returns `false`, and does
    /// nothing, if it was started before.
    func open(_ configuration: JetStreamConfiguration) async throws -> Bool {
        try await run { [self] in
            guard handle.withLock({ $0 == nil }) else { return false }
            let (opened, isConnected) = try Self.connect(configuration, events)
            handle.withLock { $0 = opened }
            if isConnected { events.report(.connected) }
            return true
        }
    }

    /// Writes a message and waits until the library took it.
    func send(_ message: BusMessage) async throws {
        try await run { [self] in try Self.publish(message, on: opened()) }
    }

    /// Writes a message without waiting; `failed` learns if the library did not take it.
    func post(_ message: BusMessage, failed: @escaping @Sendable (any Error) -> Void) {
        queue.async { [self] in
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
        try await run { [self] in
            let raw = try opened()
            let context = SubscriptionContext(queue: queue, receive: receive, ended: ended)
            try context.start(on: raw, pattern: pattern, queueGroup: queueGroup)
            if events.isConnected { _ = natsConnection_FlushTimeout(raw, 2_000) }
            return NATSSubscription(context: context, connection: self)
        }
    }

    /// Ends the subscriptions once what arrived is handed out, sends what is unsent, and closes.
    func drain(within limit: Duration) {
        queue.async { [self] in
            guard let raw = try? opened() else { return events.report(.closed(Self.neverOpened)) }
            if natsConnection_DrainTimeout(raw, Int64(limit.milliseconds)) != NATS_OK { natsConnection_Close(raw) }
        }
    }

    /// Closes at once.
    func close() {
        queue.async { [self] in
            guard let raw = try? opened() else { return events.report(.closed(Self.neverOpened)) }
            natsConnection_Close(raw)
        }
    }

    private static let neverOpened = BusError(.disconnected, "the bus was never connected")

    private func opened() throws -> OpaquePointer {
        guard let handle = handle.withLock({ $0 }) else { throw Self.neverOpened }
        return handle.raw
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// How often a login is tried at once, a moment apart, before its failure counts: a server that has just started was
    /// seen to refuse one that it took right after.
    private static let promptAttempts = 5

    /// Connects at once, or leaves it to the library to go on trying.
    ///
    /// Its own attempts (3.4.1) end for good if the very first one reaches a server and fails after that. So the first
    /// ones are made without: until one succeeds, or there is nobody to reach.
    private static func connect(
        _ configuration: JetStreamConfiguration, _ events: ConnectionEvents
    ) throws(BusError) -> (NATSHandle, isConnected: Bool) {
        for _ in 0..<promptAttempts {
            let (opened, status) = try attempt(configuration, events, goesOn: false)
            if let opened { return (opened, true) }
            if status == NATS_NO_SERVER { break }
            nats_Sleep(200)
        }
        let (opened, status) = try attempt(configuration, events, goesOn: true)
        if let opened { return (opened, status == NATS_OK) }
        throw BusError(status: status)
    }

    /// One call of the library; without a connection it says why there is none.
    private static func attempt(
        _ configuration: JetStreamConfiguration, _ events: ConnectionEvents, goesOn: Bool
    ) throws(BusError) -> (NATSHandle?, natsStatus) {
        let options = try ConnectionOptions()
        try options.apply(configuration)
        let context = Unmanaged.passRetained(events)
        do throws(BusError) {
            try ConnectionCallbacks.install(options, events: context, goesOn: goesOn)
        } catch {
            context.release()
            throw error
        }
        var connection: OpaquePointer?
        let status = natsConnection_Connect(&connection, options.raw)
        guard status == NATS_OK || status == NATS_NOT_YET_CONNECTED, let connection else {
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
