import CPostgres

/// Asks the server to give up what a connection is executing. It may be used from any thread.
final class Canceller: Sendable {
    nonisolated(unsafe) private let raw: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let raw = PQgetCancel(connection) else { return nil }
        self.raw = raw
    }

    deinit { PQfreeCancel(raw) }

    /// Sends the request; blocks until the server has taken it. It does nothing if the connection is idle.
    func cancel() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(raw, &message, Int32(message.count))
    }
}
