import Contracts
import FoundationEssentials
import Foundations
import FrontDesk
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// What ``Intake`` needs of the record.
protocol IntakeRecord: Sendable {
    /// Whether a task was recorded or refused.
    func knows(_ address: TaskAddress) async throws -> Bool

    /// Notes that the stream holds a message of somebody else at `sequence`.
    func displace(sequence: UInt64) async throws
}

extension TaskStore: IntakeRecord {}

/// Records a submission whose sender waits for no answer, or why it is refused. Throws only where trying again may help.
protocol SubmissionTaker: Sendable {
    /// - Parameter delivery: The same for every delivery of one message.
    func take(_ message: ClientMessage, delivery: String) async throws
}

extension SubmissionDesk: SubmissionTaker {}

/// Takes `task_submitted` from the stream: records the task, erases the message, acknowledges it.
///
/// Erased is every message, not only one with credentials in their place: it can hold more than what is recorded of it.
///
/// In this order, so that a crash at any point leads to a redelivery that does the rest.
package struct Intake: Service {
    private let record: any IntakeRecord
    private let desk: any SubmissionTaker
    private let bus: any MessageBus
    private let subjects: SubjectScheme
    private let messages: PermitSource
    private let crashPoints: CrashPoints
    private let logger: Logger

    package init(_ service: ServiceContext, _ desk: SubmissionDesk) {
        self.init(
            service.store, desk, service.bus, service.settings.subjects,
            PermitSource(service, consumer: StreamNames.intake), service.crashPoints, service.logger)
    }

    init(
        _ record: any IntakeRecord, _ desk: any SubmissionTaker, _ bus: any MessageBus, _ subjects: SubjectScheme,
        _ messages: PermitSource, _ crashPoints: CrashPoints = .none, _ logger: Logger
    ) {
        self.record = record
        self.desk = desk
        self.bus = bus
        self.subjects = subjects
        self.messages = messages
        self.crashPoints = crashPoints
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    guard let delivery = try await messages.next() else { continue }
                    try await take(delivery)
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("a submission waits for another try", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func take(_ delivery: Delivery) async throws {
        do {
            if try await !wasErased(delivery.message) {
                let message = ClientMessage(delivery.message, subjects)
                try await desk.take(message, delivery: "\(delivery.sequence)")
                // Where a submission is stored, no message of ours is any more.
                try await record.displace(sequence: delivery.sequence)
                try await erase(delivery)
            }
            try await crashPoints.around(.receipt) { try await delivery.acknowledge() }
        } catch {
            try? await delivery.negativeAcknowledge(delay: .seconds(1))
            throw error
        }
    }

    /// Whether this is what is left of a message that comes again: it was recorded before it was erased.
    private func wasErased(_ message: BusMessage) async throws -> Bool {
        guard message.payload.isEmpty, let (address, _) = subjects.parse(message.subject) else {
            return false
        }
        return try await record.knows(address)
    }

    private func erase(_ delivery: Delivery) async throws {
        do {
            try await bus.erase(
                stream: delivery.stream, sequence: delivery.sequence, subject: delivery.message.subject)
        } catch let error as BusError where error.code == .notFound {
            // It is gone already.
        }
    }
}
