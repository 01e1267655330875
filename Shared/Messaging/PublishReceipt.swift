/// What a stream answers once it stored a message.
package struct PublishReceipt: Sendable, Equatable {
    /// The stream that stored the message.
    package let stream: String
    /// The message's place in the stream, from 1.
    package let sequence: UInt64
    /// Whether the stream already had a message of this id and stored nothing; `sequence` is then the first one's.
    package let isDuplicate: Bool

    package init(stream: String, sequence: UInt64, isDuplicate: Bool) {
        self.stream = stream
        self.sequence = sequence
        self.isDuplicate = isDuplicate
    }
}
