import Contracts
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import TaskStore

/// Looks whether every submission that the stream holds was taken, and has the intake begin again at one that was not.
///
/// A consumer passes over a message for good if the stream was put back to an older state and filled again: it counts
/// sequences. A crash of the machine can do that, and it was seen in a cluster of nats-server 2.9.10 whose leader was
/// killed. What services tell each other is in the outbox and announced again; a submission is in the stream alone.
struct SubmissionAudit: Sendable {
    /// How many submissions are looked at before the place is noted.
    private static let batch = 256

    private enum Verdict { case taken, waiting, passedOver }

    private let record: any AuditedSubmissions
    private let bus: any MessageBus
    private let settings: ServiceSettings
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let stream = StreamNames.events

    init(
        _ record: any AuditedSubmissions, _ bus: any MessageBus, _ settings: ServiceSettings, _ logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.record = record
        self.bus = bus
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    func run() async throws {
        guard bus.isConnected,
            let start = try await record.submissionsChecked(in: stream),
            let end = try await bus.streamState(stream)?.lastSequence
        else { return }
        let place = try await check(after: min(start, end), upTo: end)
        if place != start { try await record.moveSubmissionsChecked(in: stream, from: start, to: place) }
    }

    /// Returns up to where every submission was taken.
    private func check(after start: UInt64, upTo end: UInt64) async throws -> UInt64 {
        var place = start
        for _ in 0..<Self.batch {
            let next = try await bus.nextMessage(
                stream: stream, after: place, subject: settings.subjects.filter(.taskSubmitted))
            guard let (sequence, time, message) = next else {
                // There is none up to the end, unless a server answered that knows less than the one before.
                let now = try await bus.streamState(stream)?.lastSequence
                return (now ?? 0) >= end ? max(place, end) : place
            }
            // A younger one is perhaps on its way.
            guard time < now() - settings.lease.seconds, try await isTaken(sequence, message) else { break }
            place = sequence
        }
        return place
    }

    private func isTaken(_ sequence: UInt64, _ message: BusMessage) async throws -> Bool {
        switch try await verdict(sequence, message) {
        case .taken: return true
        case .waiting: return false
        case .passedOver:
            logger.warning(
                "a submission was passed over, the intake begins again there",
                metadata: ["subject": "\(message.subject)", "sequence": "\(sequence)"])
            try await StreamTopology.rewindIntake(to: sequence - 1, on: bus, settings)
            return false
        }
    }

    private func verdict(_ sequence: UInt64, _ message: BusMessage) async throws -> Verdict {
        // One that names no task is refused, and erased then.
        guard let (address, _) = settings.subjects.parse(message.subject) else { return .taken }
        if try await record.knows(address) { return .taken }
        let intake = try await bus.consumerState(stream: stream, durable: StreamNames.intake)
        guard intake?.isPast(sequence) == true else { return .waiting }
        // It may have been taken, and then acknowledged, in between.
        return try await record.knows(address) ? .taken : .passedOver
    }
}
