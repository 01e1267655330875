import Foundations
import Synchronization

/// A handler at work, which may not end when it is told to: a call into a C library or a loop that nobody bounded.
///
/// So it runs in a task that nobody has to wait for. What it still does then is without effect: its lease is given back,
/// and every write names the lease's epoch.
final class HandlerWork: Sendable {
    private let outcome = Promise<StageEnd>()
    private let end = Promise<Void>()
    private let isOverFlag = Atomic(false)
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Whether the handler has ended.
    var isOver: Bool { isOverFlag.load(ordering: .acquiring) }

    /// Lets the handler begin.
    func begin(_ body: @escaping @Sendable () async throws -> StageEnd) {
        let running = Task { [self] in
            do { outcome.succeed(try await body()) } catch { outcome.fail(error) }
            isOverFlag.store(true, ordering: .releasing)
            end.succeed(())
        }
        task.withLock { $0 = running }
    }

    /// Waits for what the handler gives. Throws its error, or `CancellationError` when the waiting task is cancelled.
    func value() async throws -> StageEnd { try await outcome.value() }

    /// Tells the handler to end, and waits for that as long as `grace`, also where the caller is cancelled. Returns
    /// whether it did.
    func stop(within grace: Duration) async -> Bool {
        task.withLock { $0 }?.cancel()
        guard !isOver else { return true }
        let wait = { @Sendable [end] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await end.value() }
                group.addTask { try await Task.sleep(for: grace) }
                try await group.next()
                group.cancelAll()
            }
        }
        try? await Task.detachedFromCancellation(wait)
        return isOver
    }
}
