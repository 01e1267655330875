import Foundations
import Messaging
import Synchronization

/// All requests that wait for an answer: one subscription takes every answer, its last token names the request.
///
/// No thread waits. A request made while there is no connection is sent once there is one, if it has not run out of
/// time by then; one that may be repeated is sent again if the connection was lost before its answer came.
final class Requests: Sendable {
    private struct Entry {
        let message: BusMessage
        let isRepeatable: Bool
        let promise: Promise<IncomingMessage>
        var isSent: Bool
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var lastID: UInt64 = 0
        var isConnected = false
        var end: BusError?
        var subscription: NATSSubscription?
    }

    private let connection: NATSConnection
    private let deadlines: Deadlines
    private let inbox: String
    private let state = Mutex(State())

    init(connection: NATSConnection, deadlines: Deadlines, inbox: String) {
        self.connection = connection
        self.deadlines = deadlines
        self.inbox = inbox
        _ = connection.events.observe { [weak self] in self?.follow($0) }
    }

    /// Subscribes to the answers, before the connection says that it stands. Runs on its thread.
    func start() throws {
        let subscription = try connection.subscription(to: "\(inbox).*") { [weak self] in self?.receive($0) }
        state.withLock { $0.subscription = subscription }
    }

    /// Sends `message` and waits for the first answer, which may be a status of the server.
    ///
    /// - Parameter isRepeatable: whether the message may be sent twice.
    func ask(_ message: BusMessage, timeout: Duration, isRepeatable: Bool) async throws -> IncomingMessage {
        try message.validate()
        let promise = Promise<IncomingMessage>()
        let id = try add(message, promise, isRepeatable: isRepeatable)
        let deadline = deadlines.schedule(after: timeout) { [weak self] in
            promise.fail(self?.lateness(after: timeout) ?? BusError(.disconnected, "the bus is gone"))
        }
        defer {
            deadlines.cancel(deadline)
            _ = state.withLock { $0.entries.removeValue(forKey: id) }
        }
        return try await promise.value()
    }

    private func add(
        _ message: BusMessage, _ promise: Promise<IncomingMessage>, isRepeatable: Bool
    ) throws -> UInt64 {
        let (id, entry) = try state.withLock { state in
            if let end = state.end { throw end }
            state.lastID += 1
            var message = message
            message.reply = "\(inbox).\(state.lastID)"
            let entry = Entry(
                message: message, isRepeatable: isRepeatable, promise: promise, isSent: state.isConnected)
            state.entries[state.lastID] = entry
            return (state.lastID, entry)
        }
        if entry.isSent { post(entry) }
        return id
    }

    private func post(_ entry: Entry) {
        connection.post(entry.message) { [connection] error in
            // The connection broke just now: what may be repeated is sent again over the next one.
            let isTransient = (error as? BusError)?.code == .disconnected && connection.events.end == nil
            if !entry.isRepeatable || !isTransient { entry.promise.fail(error) }
        }
    }

    private func receive(_ answer: IncomingMessage) {
        guard let id = UInt64(answer.message.subject.dropFirst(inbox.count + 1)) else { return }
        state.withLock { $0.entries[id] }?.promise.succeed(answer)
    }

    private func follow(_ event: ConnectionEvents.Event) {
        switch event {
        case .connected: for entry in connected() { post(entry) }
        case .disconnected: state.withLock { $0.isConnected = false }
        case .refused(let subject):
            let refused = state.withLock { $0.entries.values.filter { $0.message.subject == subject } }
            for entry in refused { entry.promise.fail(BusError(.permission, "the server refused the subject")) }
        case .closed(let error):
            let entries = state.withLock { state in
                state.end = error
                return Array(state.entries.values)
            }
            for entry in entries { entry.promise.fail(error) }
        }
    }

    /// Notes that there is a connection and returns what has to be sent over it.
    private func connected() -> [Entry] {
        state.withLock { state in
            state.isConnected = true
            return state.entries.filter { !$0.value.isSent || $0.value.isRepeatable }.map { id, entry in
                state.entries[id]?.isSent = true
                return entry
            }
        }
    }

    private func lateness(after timeout: Duration) -> BusError {
        state.withLock { $0.isConnected }
            ? BusError(.timeout, "no answer within \(timeout)")
            : BusError(.disconnected, "no connection to the server for \(timeout)")
    }
}
