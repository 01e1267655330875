import FoundationEssentials

/// The bus: durable streams with pull consumers, and core messages that are not stored.
///
/// Every subject, name and header is validated before it is used. Errors are ``BusError``, or `CancellationError` if
/// the calling task is cancelled.
package protocol MessageBus: Sendable {
    /// Publishes durably: returns once a stream stored the message.
    ///
    /// - Parameter messageID: sent as `Nats-Msg-Id`; within the stream's window a second message of this id is
    ///   answered as a duplicate and not stored. Needed to publish safely again after ``BusError/Code/timeout``.
    /// - Throws: ``BusError/Code/noResponders`` if no stream stores the subject.
    func publish(_ message: BusMessage, messageID: String?) async throws -> PublishReceipt

    /// Sends a core message and waits for one answer. `message.reply` is ignored.
    ///
    /// - Throws: ``BusError/Code/noResponders`` at once if nobody is subscribed, ``BusError/Code/timeout``.
    func request(_ message: BusMessage, timeout: Duration) async throws -> BusMessage

    /// Sends a core message; whoever is subscribed gets it, nobody else ever will.
    func send(_ message: BusMessage) async throws

    /// Subscribes to core messages. Within a queue group each message goes to one member; without one, everybody
    /// gets it. When this returns the subscription is in force for all that is sent over this bus afterwards.
    func subscribe(_ pattern: String, queueGroup: String?) async throws -> BusSubscription

    /// Binds to a durable pull consumer that was declared before.
    ///
    /// - Throws: ``BusError/Code/notFound`` if there is none.
    func consumer(stream: String, durable: String) async throws -> any PullConsumer

    /// Creates the stream and its consumers, or changes them to what is declared. Idempotent; safe from many
    /// processes at once. Stored messages and what the consumers have acknowledged are kept.
    ///
    /// Subjects are added to those that the stream has, none is taken away: whoever declares may be older than others.
    func declare(_ stream: StreamDeclaration, consumers: [ConsumerDeclaration]) async throws

    /// How far a durable consumer has come; `nil` if there is none.
    func consumerState(stream: String, durable: String) async throws -> ConsumerState?

    /// Has a consumer deliver again what follows `sequence`, and what was not acknowledged; it may begin earlier. Whoever
    /// waits for a message gets ``BusError/Code/notFound`` and has to bind anew. A consumer that does not exist is
    /// created.
    ///
    /// For a stream that was put back to an older state: a consumer that is ahead of it passes over new messages.
    func rewind(_ consumer: ConsumerDeclaration, of stream: String, to sequence: UInt64) async throws

    /// Erases the stored message at `sequence` if its subject is `subject`: its bytes are overwritten. The sequences of
    /// the others stay.
    ///
    /// - Throws: ``BusError/Code/notFound`` if it is not there (any more). Where the stream was put back to an older
    ///   state and filled again, another message has its sequence.
    func erase(stream: String, sequence: UInt64, subject: String) async throws

    /// What the stream holds, or `nil` if it does not exist.
    func streamState(_ stream: String) async throws -> StreamState?

    /// The last stored message whose subject falls under `subject`, which may hold wildcards; `nil` if there is none.
    ///
    /// - Throws: ``BusError/Code/notFound`` if the stream does not exist.
    func lastMessage(stream: String, subject: String) async throws -> (sequence: UInt64, message: BusMessage)?

    /// The first stored message after `sequence` whose subject falls under `subject`, and when it was stored by the
    /// server's clock; `nil` if there is none.
    ///
    /// - Throws: ``BusError/Code/notFound`` if the stream does not exist.
    func nextMessage(
        stream: String, after sequence: UInt64, subject: String
    ) async throws -> (sequence: UInt64, time: Date, message: BusMessage)?

    /// The stored message at a sequence; `nil` if it is not there (any more).
    ///
    /// - Throws: ``BusError/Code/notFound`` if the stream does not exist.
    func message(stream: String, sequence: UInt64) async throws -> BusMessage?

    /// Whether the server can be reached right now.
    var isConnected: Bool { get }

    /// How often the connection was lost. The server that is reached next may have been put back to an older store: what
    /// was confirmed before, it need not hold any more.
    var interruptions: Int { get }

    /// A fresh subject that only its maker knows, for answers.
    func newInbox() -> String
}

extension MessageBus {
    /// Whether `subject` can be where somebody waits for answers: below the prefix of our own inboxes, or of one that
    /// users have (`_INBOX…`). A message from outside may name no other subject to send to.
    package func isInbox(_ subject: String) -> Bool {
        guard (try? Subject.validate(subject)) != nil else { return false }
        let own = newInbox().split(separator: ".").dropLast()
        let tokens = subject.split(separator: ".")
        guard tokens.count > 1 else { return false }
        return tokens[0].hasPrefix("_INBOX") || (tokens.count > own.count && tokens.starts(with: own))
    }
}
