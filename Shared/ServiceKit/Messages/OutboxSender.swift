import Contracts
import FoundationEssentials
import Foundations
import Messaging
import Synchronization
import TaskStore

/// Brings one row of the outbox into the stream.
protocol MessageSender: Sendable {
    /// Throws ``BusError``; an error that is retriable leaves open whether the message is stored.
    func publish(_ row: OutboxMessage) async throws -> PublishedMessage
}

/// Brings one row of the outbox into the stream, and believes a server only what the stream shows.
///
/// A nats-server that leads a cluster notes an id before the others have agreed to store the message (2.9.10 and 2.10 do).
/// If they never do, it answers for half an hour that it has the message already, with the place it would have had. So
/// an answer of that kind is looked up. A message that does not turn up is sent under its id in another spelling: a UUID
/// is the same in upper case (RFC 9562, 4), but not for a server, which compares letters.
///
/// Who may not read the stream leaves what is in doubt to the relay, which may.
final class OutboxSender: MessageSender {
    private let bus: any MessageBus
    private let crashPoints: CrashPoints
    private let patience: Duration
    private let readsStream: Bool
    private let doubts = Mutex<[Int64: ContinuousClock.Instant]>([:])

    /// As many as are watched at once; a doubt that is forgotten begins anew.
    private static let mostDoubts = 10_000

    /// - Parameter patience: How long a message that is called a copy may take to turn up: the cluster may be about to
    ///   agree on it.
    init(_ bus: any MessageBus, _ crashPoints: CrashPoints, patience: Duration, readsStream: Bool) {
        self.bus = bus
        self.crashPoints = crashPoints
        self.patience = patience
        self.readsStream = readsStream
    }

    func publish(_ row: OutboxMessage) async throws -> PublishedMessage {
        if let stored = try await stored(row) { return stored }
        if let place = try await send(row, as: row.eventID.text) { return settle(row, at: place) }
        if hasLongBeenDoubted(row), let place = try await send(row, as: row.eventID.uuidString) {
            return settle(row, at: place)
        }
        throw BusError(.other, "the server calls a message a copy of one that it does not hold", isRetriable: true)
    }

    /// Returns the place of the message in the stream; `nil` if it is said to be there and is not.
    private func send(_ row: OutboxMessage, as messageID: String) async throws -> UInt64? {
        let message = BusMessage(subject: row.subject, headers: row.headers, payload: row.payload)
        let receipt = try await crashPoints.around(.publish) {
            try await bus.publish(message, messageID: messageID)
        }
        guard receipt.isDuplicate else { return receipt.sequence }
        guard readsStream else { throw Self.inDoubt }
        let found = try await bus.message(stream: receipt.stream, sequence: receipt.sequence)
        return found?.isCopy(of: row.eventID) == true ? receipt.sequence : nil
    }

    private static let inDoubt = BusError(
        .other, "the stream may hold the message already, which the relay looks up", isRetriable: true)

    private func settle(_ row: OutboxMessage, at sequence: UInt64) -> PublishedMessage {
        doubts.withLock { $0[row.id] = nil }
        return PublishedMessage(id: row.id, streamSequence: sequence)
    }

    private func hasLongBeenDoubted(_ row: OutboxMessage) -> Bool {
        doubts.withLock { doubts in
            if doubts.count >= Self.mostDoubts { doubts = [:] }
            let start = doubts[row.id] ?? .now
            doubts[row.id] = start
            return .now - start >= patience
        }
    }

    /// An event that was left over for so long that the stream may have forgotten its id: what the stream holds tells
    /// whether it was published. The events of a workflow are published in order, so a later one of the same type says
    /// that this one was.
    private func stored(_ row: OutboxMessage) async throws -> PublishedMessage? {
        guard let seq = row.seq, -row.createdAt.timeIntervalSinceNow > StreamTopology.duplicateWindow.seconds / 2
        else { return nil }
        guard readsStream else { throw Self.inDoubt }
        guard let last = try await bus.lastMessage(stream: StreamNames.events, subject: row.subject),
            let event = try? JSON.decode(Event.self, from: last.message.payload),
            event.workflowID == row.workflowID?.text, event.seq >= seq
        else { return nil }
        return PublishedMessage(id: row.id, streamSequence: event.seq == seq ? last.sequence : nil)
    }
}

extension BusMessage {
    /// Whether this is the message of this id, in whatever spelling.
    package func isCopy(of id: UUID) -> Bool {
        headers[Self.messageIDHeader].flatMap { UUID(uuidString: $0) } == id
    }
}
