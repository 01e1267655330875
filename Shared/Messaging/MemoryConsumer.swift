import DequeModule
import Foundations

/// A durable pull consumer of the in-memory bus: how far it came, what is unacknowledged, who waits.
struct MemoryConsumer {
    /// A task that waits for a message.
    struct Waiter {
        let id: UInt64
        let promise: Promise<Delivery?>
    }

    private struct Pending {
        var deliveries: Int
        var due: ContinuousClock.Instant
    }

    var declaration: ConsumerDeclaration
    var waiters: Deque<Waiter> = []
    /// See ``InMemoryBus/silence(_:of:)``.
    var isSilent = false
    private var nextSequence: UInt64 = 1
    private var pending: [UInt64: Pending] = [:]

    init(_ declaration: ConsumerDeclaration) { self.declaration = declaration }

    func state(in stream: MemoryStream) -> ConsumerState {
        let waiting = stream.count(from: nextSequence, filter: declaration.filterSubject)
        return ConsumerState(
            delivered: nextSequence - 1, acknowledged: acknowledged, outstanding: waiting + pending.count)
    }

    private var acknowledged: UInt64 { (pending.keys.min() ?? nextSequence) - 1 }

    /// When the next unacknowledged message is to be delivered again.
    var nextRedelivery: ContinuousClock.Instant? { isSilent ? nil : pending.values.lazy.map(\.due).min() }

    /// Takes the message to deliver now, first what is due again, then what is new.
    mutating func take(from stream: MemoryStream) -> (stored: MemoryStream.Stored, deliveries: Int)? {
        guard !isSilent else { return nil }
        let now = ContinuousClock.now
        while let sequence = pending.lazy.filter({ $0.value.due <= now }).map(\.key).min() {
            guard let stored = stream.message(sequence) else {
                pending[sequence] = nil
                continue
            }
            return (stored, deliver(sequence, now))
        }
        guard pending.count < declaration.maxAckPending,
            let stored = stream.first(from: nextSequence, filter: declaration.filterSubject)
        else { return nil }
        nextSequence = stored.sequence + 1
        return (stored, deliver(stored.sequence, now))
    }

    /// Begins anew after `sequence`, or with what is not acknowledged.
    mutating func rewind(to sequence: UInt64) {
        nextSequence = min(acknowledged, sequence) + 1
        pending = [:]
        isSilent = false
    }

    /// Undoes a delivery that nobody waited for any more.
    mutating func giveBack(_ sequence: UInt64) {
        pending[sequence]?.deliveries -= 1
        pending[sequence]?.due = .now
    }

    mutating func answer(_ sequence: UInt64, _ answer: Acknowledgement) {
        switch answer {
        case .acknowledge, .terminate: pending[sequence] = nil
        case .negativeAcknowledge(let delay): pending[sequence]?.due = .now + (delay ?? .zero)
        }
    }

    private mutating func deliver(_ sequence: UInt64, _ now: ContinuousClock.Instant) -> Int {
        let deliveries = (pending[sequence]?.deliveries ?? 0) + 1
        pending[sequence] = Pending(deliveries: deliveries, due: now + declaration.ackWait)
        return deliveries
    }
}
