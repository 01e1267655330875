import Contracts
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import TaskStore

/// Compares the stream with what was published to it, and has published again what it lost.
///
/// A stream can be gone, be a new one, end before our last message, or have been put back to an older state and filled
/// beyond its old end since: then it holds another message where it held ours.
struct BrokerRepair: Sendable {
    /// A message has its place noted by then.
    private static let settled: Duration = .seconds(2)
    /// How many messages are marked at a time.
    private static let batch = 5000

    private let record: any PublishedMessages
    private let bus: any MessageBus
    private let settings: ServiceSettings
    private let logger: Logger
    private let stream = StreamNames.events

    init(_ record: any PublishedMessages, _ bus: any MessageBus, _ settings: ServiceSettings, _ logger: Logger) {
        self.record = record
        self.bus = bus
        self.settings = settings
        self.logger = logger
    }

    func run() async throws {
        guard bus.isConnected else { return }
        // What we know is read before what the broker says: a message published in between is not a lost one.
        let known = try await record.brokerState(of: stream)
        let now = Date()
        guard let state = try await bus.streamState(stream) else {
            logger.warning("the stream is gone, it is created again")
            return try await StreamTopology.declare(on: bus, settings)
        }
        let isNew = known.streamCreatedAt.map { abs($0.timeIntervalSince(state.created)) > 1 } ?? true
        if isNew {
            try await publishAgain(after: 0, before: state.created)
            return try await record.recordBroker(stream: stream, createdAt: state.created)
        }
        let isShort = Int64(clamping: state.lastSequence) < known.highestSequence
        let (intact, isOlder) = try await end(of: state)
        guard isShort || isOlder else { return }
        try await record.recheckSubmissions(in: stream, after: intact)
        try await publishAgain(after: isOlder ? intact : state.lastSequence, before: now)
    }

    /// Up to where the stream is as far as is known what it was, and whether something of ours behind that is missing.
    private func end(of state: StreamState) async throws -> (intact: UInt64, isOlder: Bool) {
        var step: UInt64 = 1
        var last = UInt64.max
        while let anchor = try await record.streamAnchor(atMost: last, olderThan: Self.settled) {
            if try await holds(anchor, state) { return (anchor.sequence, last != .max) }
            last = anchor.sequence > step ? anchor.sequence - step : 0
            step *= 2
        }
        return (0, last != .max)
    }

    private func holds(_ anchor: StreamAnchor, _ state: StreamState) async throws -> Bool {
        // What is older than the stream's first message was dropped for its age.
        guard anchor.sequence >= state.firstSequence else { return true }
        let message = try await bus.message(stream: stream, sequence: anchor.sequence)
        return message?.isCopy(of: anchor.eventID) == true
    }

    private func publishAgain(after sequence: UInt64, before time: Date) async throws {
        let rows = try await record.resetPublished(after: sequence, before: time, limit: Self.batch)
        guard rows > 0 else { return }
        logger.warning("the broker lost messages, they are published again", metadata: ["rows": "\(rows)"])
        try await StreamTopology.declare(on: bus, settings)
        try await publishAgain(after: sequence, before: time)
    }
}
