import Dispatch
import Synchronization

/// Runs blocking calls on a thread of their own, so that they never hold a thread of Swift's cooperative pool.
///
/// Jobs run one at a time, in the order they came: errors that a C library keeps per thread can be read right after the
/// call. Use one per handle (a connection, a repository). The one place where a queue of the system stands for a thread:
/// a serial queue has at most one, and keeps it for as long as a job lasts.
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Starts a thread for a job that lasts: a loop that waits for what comes. It ends with the job.
    package static func start(_ label: String, _ job: @escaping @Sendable () -> Void) {
        BlockingExecutor(label: label).post(job)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    /// Runs `body` and gives back what it returns or throws.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// Has `job` run in its turn, without waiting for it.
    package func post(_ job: @escaping @Sendable () -> Void) { queue.async(execute: job) }

    /// Has `job` run after `delay`, in its turn then.
    package func post(after delay: Duration, _ job: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + max(0, delay.seconds), execute: job)
    }
}
