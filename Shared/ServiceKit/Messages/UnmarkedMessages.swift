import Foundations
import Messaging
import TaskStore

/// What a server said that it stored, and is not yet marked.
///
/// A server that comes back may have been put back to an older store, and a cluster may go on with a leader that lacks
/// the last messages. What was confirmed before is then lost, and its place another message's, whose owner looked who had
/// it before the mark was there. So a word of a server is believed for a short time, on the connection that it came over;
/// what is not marked by then the relay publishes again, which its id makes harmless.
struct UnmarkedMessages {
    /// How long a word is believed: nodes of a cluster wait four seconds at least for a leader before they look for another
    /// (nats-server, `minElectionTimeoutDefault` in server/raft.go).
    static let trust: Duration = .seconds(3)

    private struct Word {
        let message: PublishedMessage
        /// How often the bus had been interrupted when the message was sent.
        let interruptions: Int
        let time: ContinuousClock.Instant
    }

    private var words: [Word] = []

    var count: Int { words.count }

    /// Adds a message that was sent when the bus had been interrupted `interruptions` times.
    mutating func add(
        _ message: PublishedMessage, sentAfter interruptions: Int, at time: ContinuousClock.Instant = .now
    ) {
        words.append(Word(message: message, interruptions: interruptions, time: time))
    }

    /// Those that may be marked.
    func trusted(after interruptions: Int, at now: ContinuousClock.Instant = .now) -> [PublishedMessage] {
        words.filter { $0.interruptions == interruptions && now - $0.time < Self.trust }.map(\.message)
    }
}
