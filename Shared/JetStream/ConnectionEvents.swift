import CNATS
import Logging
import Messaging
import Synchronization

/// What a connection reports, told to whoever observes it.
///
/// It is the context of the connection's C callbacks. The library runs them one at a time on a thread of its own. The
/// context is retained for the library when the connection is made and released exactly once: in the closed callback,
/// which is the last one, or, if there never was a connection, by who tried to make it.
final class ConnectionEvents: Sendable {
    enum Event: Sendable {
        case connected
        case disconnected
        /// The server refused a publish or subscription on this subject.
        case refused(subject: String)
        /// The end: no reconnect follows.
        case closed(BusError)
    }

    private struct State {
        var observers: [UInt64: @Sendable (Event) -> Void] = [:]
        var lastID: UInt64 = 0
        var isConnected = false
        var interruptions = 0
        var end: BusError?
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    var isConnected: Bool { state.withLock { $0.isConnected } }

    /// How often the connection was lost.
    var interruptions: Int { state.withLock { $0.interruptions } }

    /// Why the connection ended for good, once it did.
    var end: BusError? { state.withLock { $0.end } }

    /// Calls `observer` with every event from now on, starting with how things are.
    func observe(_ observer: @escaping @Sendable (Event) -> Void) -> UInt64 {
        let (id, now) = state.withLock { state -> (UInt64, Event?) in
            state.lastID += 1
            state.observers[state.lastID] = observer
            return (state.lastID, state.end.map { .closed($0) } ?? (state.isConnected ? .connected : nil))
        }
        if let now { observer(now) }
        return id
    }

    func forget(_ id: UInt64) {
        _ = state.withLock { $0.observers.removeValue(forKey: id) }
    }

    func report(_ event: Event) {
        let observers = state.withLock { state in
            switch event {
            case .connected: state.isConnected = true
            case .disconnected:
                state.isConnected = false
                state.interruptions += 1
            case .closed(let error): (state.isConnected, state.end) = (false, error)
            case .refused: break
            }
            return Array(state.observers.values)
        }
        logger.debug("bus connection event", metadata: ["nats.event": "\(event)"])
        for observer in observers { observer(event) }
    }

    /// Passes an asynchronous error on. The text is the server's, like
    /// `Permissions Violation for Publish to "a.b"`.
    func report(error status: natsStatus, text: String) {
        logger.debug("bus error", metadata: ["nats.status": "\(status.rawValue)", "nats.error": "\(text)"])
        let quoted = text.split(separator: "\"", omittingEmptySubsequences: false)
        if status == NATS_NOT_PERMITTED, quoted.count >= 2 { report(.refused(subject: String(quoted[1]))) }
    }
}
