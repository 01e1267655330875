import Messaging
import TaskStore

/// What is published and not yet marked, all of it sent after the same number of interruptions of the bus.
///
/// A server that comes back may have been put back to an older store. What it confirmed before may then be lost, and its
/// place another message's, whose owner looked who had it before the mark was there. So what was sent before an
/// interruption is not marked after it: the relay publishes it again, which its id makes harmless.
struct UnmarkedMessages {
    private(set) var messages: [PublishedMessage] = []
    private var interruptions = 0

    var isEmpty: Bool { messages.isEmpty }

    /// Adds a message that was sent when the bus had been interrupted `interruptions` times.
    mutating func add(_ message: PublishedMessage, sentAfter interruptions: Int) {
        guard interruptions >= self.interruptions else { return }
        if interruptions > self.interruptions { self = UnmarkedMessages(interruptions) }
        messages.append(message)
    }

    mutating func add(_ others: UnmarkedMessages) {
        for message in others.messages { add(message, sentAfter: others.interruptions) }
    }

    /// Whether the bus has not been interrupted since they were sent.
    func areTrusted(by bus: any MessageBus) -> Bool { bus.interruptions == interruptions }

    init() {}

    private init(_ interruptions: Int) { self.interruptions = interruptions }
}
