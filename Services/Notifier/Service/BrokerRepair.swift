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
struct BrokerRepair {
    /// A message has its place noted by then.
    private static let settled: Duration = .seconds(2)

    private let service: ServiceContext
    private let stream = StreamNames.events

    init(_ service: ServiceContext) { self.service = service }

    func run() async throws {
        guard service.bus.isConnected else { return }
        // What we know is read before what the broker says: a message published in between is not a lost one.
        let known = try await service.store.brokerState(of: stream)
        let now = Date()
        guard let state = try await service.bus.streamState(stream) else {
            service.logger.warning("the stream is gone, it is created again")
            return try await StreamTopology.declare(on: service.bus, service.settings)
        }
        let isNew = known.streamCreatedAt.map { abs($0.timeIntervalSince(state.created)) > 1 } ?? true
        if isNew {
            try await publishAgain(after: 0, before: state.created)
            try await service.store.recordBroker(stream: stream, createdAt: state.created)
        } else if Int64(clamping: state.lastSequence) < known.highestSequence {
            try await publishAgain(after: state.lastSequence, before: now)
        } else if let kept = try await endOfOlderState(state) {
            try await publishAgain(after: kept, before: now)
        }
    }

    /// The last sequence, as far as is known, that an older state of the stream kept; `nil` if it is not an older state.
    private func endOfOlderState(_ state: StreamState) async throws -> UInt64? {
        var step: UInt64 = 1
        var last = UInt64.max
        while let anchor = try await service.store.streamAnchor(atMost: last, olderThan: Self.settled) {
            if try await holds(anchor, state) { return last == .max ? nil : anchor.sequence }
            last = anchor.sequence > step ? anchor.sequence - step : 0
            step *= 2
        }
        return last == .max ? nil : 0
    }

    private func holds(_ anchor: StreamAnchor, _ state: StreamState) async throws -> Bool {
        // What is older than the stream's first message was dropped for its age.
        guard anchor.sequence >= state.firstSequence else { return true }
        let message = try await service.bus.message(stream: stream, sequence: anchor.sequence)
        return message?.headers[BusMessage.messageIDHeader] == anchor.eventID.text
    }

    private func publishAgain(after sequence: UInt64, before time: Date) async throws {
        let rows = try await service.store.resetPublished(after: sequence, before: time)
        guard rows > 0 else { return }
        service.logger.warning("the broker lost messages, they are published again", metadata: ["rows": "\(rows)"])
        try await StreamTopology.declare(on: service.bus, service.settings)
        try await publishAgain(after: sequence, before: time)
    }
}
