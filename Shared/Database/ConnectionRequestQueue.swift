import DequeModule
import Dispatch
import Foundations
import Synchronization

/// The work that waits for a connection, first come, first served.
///
/// Of the threads that have nothing to do the one that was busy last gets it: as many connections are open as work was
/// ever done at once, and what comes one by one stays on one of them, whose server has all of it prepared and cached.
final class ConnectionRequestQueue: Sendable {
    /// Where one thread waits for its next request.
    final class Slot: Sendable {
        private let bell = DispatchSemaphore(value: 0)
        private let request = Mutex<ConnectionRequest?>(nil)

        /// Blocks until there is work; `nil` once the queue is closed and empty.
        func next() -> ConnectionRequest? {
            bell.wait()
            return request.withLock { $0.take() }
        }

        fileprivate func put(_ request: ConnectionRequest?) {
            self.request.withLock { $0 = request }
            bell.signal()
        }
    }

    private struct State: Sendable {
        var requests: Deque<ConnectionRequest> = []
        /// Those of the threads that have nothing to do, the one that was busy last at the end. Empty while requests
        /// wait.
        var idle: [Slot]
        var threads: Int
        var isClosed = false
    }

    /// One for each thread.
    let slots: [Slot]
    private let state: Mutex<State>
    private let drained = Promise<Void>()

    init(threads: Int) {
        slots = (0..<threads).map { _ in Slot() }
        state = Mutex(State(idle: slots, threads: threads))
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many threads have a request, and how many requests wait for one.
    var load: (busy: Int, waiting: Int) { state.withLock { ($0.threads - $0.idle.count, $0.requests.count) } }

    /// Returns false if the queue is closed.
    func append(_ request: ConnectionRequest) -> Bool {
        let (isOpen, slot) = state.withLock { state -> (Bool, Slot?) in
            guard !state.isClosed else { return (false, nil) }
            if let slot = state.idle.popLast() { return (true, slot) }
            state.requests.append(request)
            return (true, nil)
        }
        slot?.put(request)
        return isOpen
    }

    /// A thread is done with its request: it gets the one that has waited longest, now or when there is one.
    func served(_ slot: Slot) {
        let (request, isEnd) = state.withLock { state -> (ConnectionRequest?, Bool) in
            if let request = state.requests.popFirst() { return (request, false) }
            if !state.isClosed { state.idle.append(slot) }
            return (nil, state.isClosed)
        }
        if request != nil || isEnd { slot.put(request) }
    }

    /// Takes no more work; what waits is still done.
    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for slot in idle { slot.put(nil) }
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
