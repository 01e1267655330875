import Glibc

/// Serves all connections to the health endpoints on one thread. It is made, used and dropped there.
///
/// A client that is slow or sends rubbish holds up nobody: nothing here waits but `poll`, and each connection has a limit
/// of size and of time, a short one where others wait for its place.
struct HTTPLoop {
    typealias Requests = AsyncStream<(id: Int, line: HTTPRequestLine)>.Continuation

    private static let maximumConnections = 64
    private static let timeLimitWhenFull: Duration = .milliseconds(250)

    private let listener: ListeningSocket
    private let inbox: HTTPInbox
    private let requests: Requests
    private let timeLimit: Duration
    private var connections: [Int: HTTPConnection] = [:]
    private var lastID = 0

    init(listener: ListeningSocket, inbox: HTTPInbox, requests: Requests, timeLimit: Duration) {
        self.listener = listener
        self.inbox = inbox
        self.requests = requests
        self.timeLimit = timeLimit
    }

    /// Returns after ``HTTPInbox/stop()``.
    mutating func run() {
        defer { requests.finish() }
        while true {
            let ready = waitForEvents()
            if ready.contains(inbox.descriptor) {
                guard let answers = inbox.take() else { return }
                for (id, answer) in answers {
                    if let connection = connections[id] { note(connection.answer(answer), of: id) }
                }
            }
            for (id, connection) in connections where ready.contains(connection.descriptor) {
                note(connection.advance(), of: id)
            }
            let start = ContinuousClock.now - currentLimit
            connections = connections.filter { $0.value.start > start }
            if ready.contains(listener.descriptor) { acceptAll() }
        }
    }

    private var isFull: Bool { connections.count >= Self.maximumConnections }
    private var currentLimit: Duration { isFull ? Self.timeLimitWhenFull : timeLimit }

    /// The descriptors where something can be done.
    private func waitForEvents() -> Set<Int32> {
        func entry(_ descriptor: Int32, _ events: Int16) -> pollfd {
            pollfd(fd: descriptor, events: events, revents: 0)
        }
        // `poll` passes over what is negative.
        let listening = isFull ? -1 : listener.descriptor
        var entries = [entry(inbox.descriptor, Int16(POLLIN)), entry(listening, Int16(POLLIN))]
        entries += connections.values.map { entry($0.descriptor, $0.events) }
        // A millisecond more than is left: not to look before it is time.
        let wait = connections.values.map(\.start).min().map { oldest in
            Int32(max(0, (oldest + currentLimit - .now) / .milliseconds(1))) + 1
        }
        guard poll(&entries, nfds_t(entries.count), wait ?? -1) > 0 else { return [] }
        return Set(entries.filter { $0.revents != 0 }.map(\.fd))
    }

    private mutating func note(_ progress: HTTPConnection.Progress, of id: Int) {
        switch progress {
        case .waiting: break
        case .request(let line): requests.yield((id, line))
        case .ended: connections[id] = nil
        }
    }

    private mutating func acceptAll() {
        do {
            while !isFull, let descriptor = try listener.accept() {
                lastID += 1
                connections[lastID] = HTTPConnection(descriptor)
            }
        } catch {
            // Out of descriptors: the oldest connection gives one back, and the next try is not at once.
            connections[connections.keys.min() ?? 0] = nil
            usleep(10_000)
        }
    }
}
