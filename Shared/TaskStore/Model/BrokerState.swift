import FoundationEssentials

/// What is known of the stream, to notice that the broker lost its store or part of it.
package struct BrokerState: Sendable, Hashable {
    /// When the stream was created, as last seen.
    package let streamCreatedAt: Date?
    /// The highest sequence that a published message was given, 0 if none was.
    package let highestSequence: Int64
}
