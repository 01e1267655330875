import Dispatch
import Foundations
import Logging
import ServiceLifecycle

/// A fixed number of connections, lent to closures that run on the connection's own thread.
///
/// Connections open when they are first needed. The pool works from its creation on; as a service it only waits for
/// the shutdown and then ends.
package final class ConnectionPool: Service, Sendable {
    private let configuration: DatabaseConfiguration
    private let queue: ConnectionRequestQueue
    private let cancellations = DispatchQueue(label: "database.cancel", attributes: .concurrent)

    package init(_ configuration: DatabaseConfiguration) {
        self.configuration = configuration
        queue = ConnectionRequestQueue(threads: configuration.size)
        for slot in queue.slots { ConnectionThread.start(queue: queue, slot: slot, configuration: configuration) }
    }

    deinit { queue.close() }

    /// Waits for graceful shutdown or cancellation, then closes the pool.
    package func run() async throws {
        try? await gracefulShutdown()
        try await close()
    }

    /// Takes no more work, finishes what was accepted, and disconnects. May be called once, by one task.
    package func close() async throws {
        queue.close()
        try await queue.waitUntilDrained()
    }

    /// Lends a connection to `body`, which runs on the connection's thread and may block.
    ///
    /// Every statement commits by itself. Waits in turn until a connection is free. If the awaiting task is cancelled,
    /// the server is asked to give up the running statement, and ``DatabaseError/Code/cancelled`` is thrown.
    package func withConnection<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let request = ConnectionRequest(deadline: .now + configuration.acquireTimeout)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let handler = ConnectionRequest.Handler(
                    run: { connection in
                        let result = Result { try connection.lend(to: request, body) }
                        return { continuation.resume(with: result) }
                    },
                    fail: { continuation.resume(throwing: $0) })
                guard request.wait(with: handler) else { return continuation.resume(throwing: DatabaseError.cancelled) }
                if !queue.append(request) { request.fail(DatabaseError(.closed, "the pool is closed")) }
            }
        } onCancel: {
            request.cancel(on: cancellations)
        }
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// `body` runs again, at most five times, if the transaction lost against a concurrent one (40001, 40P01), so it
    /// must have no other effects. With `synchronousCommit` off, a crash of the server may lose the transaction as a
    /// whole for up to 3 × `wal_writer_delay`. Throws ``DatabaseError/Code/commitOutcomeUnknown`` if the connection
    /// was lost during the commit.
    package func transaction<Value: Sendable>(
        isolation: IsolationLevel = .readCommitted, synchronousCommit: Bool = true,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        var attempt = 0
        while true {
            do {
                return try await withConnection { connection in
                    try connection.transaction(isolation: isolation, synchronousCommit: synchronousCommit, body)
                }
            } catch let error as DatabaseError where attempt < configuration.transactionRetries && error.permitsRerun {
                try await pause(beforeRetry: attempt)
                attempt += 1
            }
        }
    }

    /// Whether the server answers. Throws if it does not.
    package func ping() async throws {
        try await withConnection { _ = try $0.execute("select 1") }
    }

    /// How many connections are lent out, how many there may be, and how much work waits for one.
    package var load: (inUse: Int, size: Int, waiting: Int) {
        let (busy, waiting) = queue.load
        return (busy, configuration.size, waiting)
    }

    private func pause(beforeRetry attempt: Int) async throws {
        do {
            try await Task.sleep(for: configuration.retryBackoff.delay(attempt: attempt))
        } catch {
            throw DatabaseError.cancelled
        }
    }
}
