import FoundationEssentials

/// Where the stream holds a message of ours, to be compared with what it holds there now.
package struct StreamAnchor: Sendable, Hashable {
    /// The sequence in the stream.
    package let sequence: UInt64
    /// The `Nats-Msg-Id` of the message.
    package let eventID: UUID
}
