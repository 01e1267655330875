/// A message of the outbox that the stream holds.
package struct PublishedMessage: Sendable, Hashable {
    /// The outbox row.
    package let id: Int64
    /// The sequence that the stream gave to it; `nil` where only that it is stored is known.
    package let streamSequence: UInt64?

    package init(id: Int64, streamSequence: UInt64?) {
        self.id = id
        self.streamSequence = streamSequence
    }
}
