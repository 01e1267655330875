/// A durable consumer from which messages are asked for one by one.
package protocol PullConsumer: Sendable {
    /// The next message, or `nil` if none came in time.
    ///
    /// Nothing is fetched ahead. Cancellation throws `CancellationError` at once; a message that was already on its
    /// way is given back for delivery to someone else. A lost connection is waited out.
    ///
    /// - Throws: ``BusError/Code/notFound`` if the consumer no longer exists (declare it again),
    ///   ``BusError/Code/disconnected`` if the bus was closed.
    func next(waitingAtMost limit: Duration) async throws -> Delivery?
}
