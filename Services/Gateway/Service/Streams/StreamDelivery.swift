import Foundations
import Synchronization

/// Writes a stream for as long as its client takes what is written. A client that takes nothing for a while is
/// disconnected: it would hold its stream for ever, and there is room for so many.
struct StreamDelivery: Sendable {
    private let stream: any StreamedBody
    private let limit: Duration
    private let disconnect: @Sendable () -> Void

    /// - Parameters:
    ///   - limit: How long a client may take nothing.
    ///   - disconnect: Closes the connection, so that what is being written fails.
    init(
        _ stream: any StreamedBody, limit: Duration = .seconds(30), disconnect: @escaping @Sendable () -> Void
    ) {
        self.stream = stream
        self.limit = limit
        self.disconnect = disconnect
    }

    func write(to writer: any StreamWriter) async throws {
        let watch = WriteWatch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await endWhenStuck(watch) }
            defer { group.cancelAll() }
            try await stream.write(to: WatchedWriter(writer: writer, watch: watch))
        }
    }

    private func endWhenStuck(_ watch: WriteWatch) async {
        while (try? await Task.sleep(for: limit / 4)) != nil {
            guard watch.isWriting(for: limit) else { continue }
            stream.end()
            return disconnect()
        }
    }
}

/// Knows since when something is being written.
private final class WriteWatch: Sendable {
    private let begun = Mutex<ContinuousClock.Instant?>(nil)

    func begin() { begun.withLock { $0 = ContinuousClock.now } }
    func end() { begun.withLock { $0 = nil } }

    func isWriting(for limit: Duration) -> Bool {
        begun.withLock { begun in begun.map { $0.duration(to: .now) >= limit } ?? false }
    }
}

private struct WatchedWriter: StreamWriter {
    var writer: any StreamWriter
    let watch: WriteWatch

    mutating func write(_ text: String) async throws {
        watch.begin()
        defer { watch.end() }
        try await writer.write(text)
    }
}
