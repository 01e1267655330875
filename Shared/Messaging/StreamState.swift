import FoundationEssentials

/// What a stream holds, and what it stores.
package struct StreamState: Sendable, Equatable {
    /// The sequence of the oldest message kept; `lastSequence + 1` if there is none.
    package let firstSequence: UInt64
    /// The sequence of the last message stored, 0 if none ever was.
    package let lastSequence: UInt64
    /// How many messages are kept.
    package let messages: UInt64
    /// When the stream was created: a later time than recorded means that the store was wiped.
    package let created: Date
    /// Patterns of what it stores.
    package let subjects: [String]

    package init(
        firstSequence: UInt64, lastSequence: UInt64, messages: UInt64, created: Date, subjects: [String]
    ) {
        self.firstSequence = firstSequence
        self.lastSequence = lastSequence
        self.messages = messages
        self.created = created
        self.subjects = subjects
    }
}
