/// The messages of a core subscription, in order, read by one task.
///
/// At most ``capacity`` messages wait to be read; while it is full new ones are dropped, as the bus promises core
/// messages at most once. The subscription ends when it is dropped, when ``cancel()`` is called, when the reading task
/// is cancelled, or when the bus is closed.
package struct BusSubscription: AsyncSequence, Sendable {
    package typealias Element = BusMessage
    package typealias Failure = Never

    /// How many messages wait at most.
    package static let capacity = 1_024

    private let stream: AsyncStream<BusMessage>
    private let continuation: AsyncStream<BusMessage>.Continuation

    /// Connects the messages to their source: `start` gets where to put them and returns what ends the subscription.
    package init(
        source start: (AsyncStream<BusMessage>.Continuation) async throws -> @Sendable () -> Void
    ) async rethrows {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
        let end = try await start(continuation)
        continuation.onTermination = { _ in end() }
    }

    /// Ends the subscription; what waits can still be read.
    package func cancel() { continuation.finish() }

    package func makeAsyncIterator() -> AsyncStream<BusMessage>.Iterator { stream.makeAsyncIterator() }
}
