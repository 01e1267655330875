import DequeModule
import Dispatch
import Foundations
import Synchronization

/// The work that waits for a connection, first come, first served.
final class ConnectionRequestQueue: Sendable {
    private struct State: Sendable {
        var requests: Deque<ConnectionRequest> = []
        var isClosed = false
        var threads: Int
        var busy = 0
    }

    private let state: Mutex<State>
    private let available = DispatchSemaphore(value: 0)
    private let drained = Promise<Void>()

    init(threads: Int) { state = Mutex(State(threads: threads)) }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many threads have a request, and how many requests wait for one.
    var load: (busy: Int, waiting: Int) { state.withLock { ($0.busy, $0.requests.count) } }

    /// Returns false if the queue is closed.
    func append(_ request: ConnectionRequest) -> Bool {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.requests.append(request) }
            return !state.isClosed
        }
        if isOpen { available.signal() }
        return isOpen
    }

    /// Blocks until there is work; `nil` once the queue is closed and empty.
    func next() -> ConnectionRequest? {
        available.wait()
        return state.withLock { state in
            guard let request = state.requests.popFirst() else { return nil }
            state.busy += 1
            return request
        }
    }

    /// A thread is done with a request that ``next()`` gave.
    func served() { state.withLock { $0.busy -= 1 } }

    /// Takes no more work; what waits is still done.
    func close() {
        let threads = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? 0 : state.threads
        }
        for _ in 0..<threads { available.signal() }
    }

    /// A thread has ended.
    func threadEnded() {
        let last = state.withLock { state in
            state.threads -= 1
            return state.threads == 0
        }
        if last { drained.succeed(()) }
    }

    /// Waits until every thread has ended. Only one task may wait.
    func waitUntilDrained() async throws { try await drained.value() }
}
