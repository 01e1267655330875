import DequeModule
import Dispatch
import Foundations
import Synchronization

/// The work that waits for a connection, first come, first served.
final class JobQueue: Sendable {
    private struct State: Sendable {
        var jobs: Deque<Job> = []
        var isClosed = false
        var workers: Int
        var busy = 0
    }

    private let state: Mutex<State>
    private let available = DispatchSemaphore(value: 0)
    private let drained = Promise<Void>()

    init(workers: Int) { state = Mutex(State(workers: workers)) }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many workers have a job, and how many jobs wait for one.
    var load: (busy: Int, waiting: Int) { state.withLock { ($0.busy, $0.jobs.count) } }

    /// Returns false if the queue is closed.
    func append(_ job: Job) -> Bool {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return !state.isClosed
        }
        if isOpen { available.signal() }
        return isOpen
    }

    /// Blocks until there is work; `nil` once the queue is closed and empty.
    func next() -> Job? {
        available.wait()
        return state.withLock { state in
            guard let job = state.jobs.popFirst() else { return nil }
            state.busy += 1
            return job
        }
    }

    /// A worker is done with a job that ``next()`` gave.
    func served() { state.withLock { $0.busy -= 1 } }

    /// Takes no more work; what waits is still done.
    func close() {
        let workers = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? 0 : state.workers
        }
        for _ in 0..<workers { available.signal() }
    }

    /// A worker has ended.
    func workerEnded() {
        let last = state.withLock { state in
            state.workers -= 1
            return state.workers == 0
        }
        if last { drained.succeed(()) }
    }

    /// Waits until every worker has ended. Only one task may wait.
    func waitUntilDrained() async throws { try await drained.value() }
}
