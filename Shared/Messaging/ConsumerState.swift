/// How far a durable consumer has come in its stream.
package struct ConsumerState: Sendable, Equatable {
    /// The sequence of the last message it delivered; 0 if there was none.
    package let delivered: UInt64
    /// Of its messages up to this sequence none waits any more.
    package let acknowledged: UInt64
    /// How many messages it has to deliver yet, or to see acknowledged.
    package let outstanding: Int

    package init(delivered: UInt64, acknowledged: UInt64, outstanding: Int) {
        self.delivered = delivered
        self.acknowledged = acknowledged
        self.outstanding = outstanding
    }

    /// Whether it will not deliver the message at `sequence` any more.
    package func isPast(_ sequence: UInt64) -> Bool { sequence <= acknowledged || outstanding == 0 }
}
