import Dispatch
import Synchronization

/// Runs blocking calls on threads of their own, so that they never hold a thread of Swift's cooperative pool.
///
/// Jobs run one at a time, in the order they came, always on the same serial queue: errors that a C library keeps per
/// thread can be read right after the call. Use one per handle (a connection, a repository).
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    /// Runs `body` on the queue and gives back what it returns or throws.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}

/// Runs blocking calls side by side, at most `width` at a time.
package struct BlockingPool: Sendable {
    private let queue: DispatchQueue
    private let slots: DispatchSemaphore
    private let gate: DispatchQueue

    package init(label: String, width: Int) {
        queue = DispatchQueue(label: label, attributes: .concurrent)
        gate = DispatchQueue(label: "\(label).gate")
        slots = DispatchSemaphore(value: max(1, width))
    }

    /// Runs `body` on a thread that may block.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            gate.async {
                slots.wait()
                queue.async {
                    let result = Result(catching: body)
                    slots.signal()
                    continuation.resume(with: result)
                }
            }
        }
    }
}
