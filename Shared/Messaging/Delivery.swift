/// One message of a durable consumer, to be answered once.
///
/// An answer is not stored at once: after a crash of the server a message can be delivered again although it was
/// acknowledged, and `deliveryCount` can start again from 1. So what is done with a message has to be idempotent.
package struct Delivery: Sendable {
    /// The message as it was published. `reply` is `nil`.
    package let message: BusMessage
    /// The stream it comes from.
    package let stream: String
    /// Its place in the stream.
    package let sequence: UInt64
    /// Which delivery this is, from 1. For people only, see above.
    package let deliveryCount: Int

    private let answer: @Sendable (Acknowledgement) async throws -> Void

    package init(
        message: BusMessage, stream: String, sequence: UInt64, deliveryCount: Int,
        answer: @escaping @Sendable (Acknowledgement) async throws -> Void
    ) {
        self.message = message
        self.stream = stream
        self.sequence = sequence
        self.deliveryCount = deliveryCount
        self.answer = answer
    }

    /// Done: the message is not delivered again.
    package func acknowledge() async throws { try await answer(.acknowledge) }

    /// Has the message delivered again, at once or after `delay`.
    package func negativeAcknowledge(delay: Duration? = nil) async throws {
        try await answer(.negativeAcknowledge(delay: delay))
    }

    /// Gives the message up: it is not delivered again.
    package func terminate() async throws { try await answer(.terminate) }
}
