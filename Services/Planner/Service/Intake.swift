import Contracts
import FoundationEssentials
import Foundations
import FrontDesk
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Takes `task_submitted` from the stream: records the task, erases the message, acknowledges it.
///
/// Erased is every message, not only one with credentials in their place: it can hold more than what is recorded of it.
///
/// In this order, so that a crash at any point leads to a redelivery that does the rest.
package struct Intake: Service {
    private let service: ServiceContext
    private let desk: SubmissionDesk
    private let messages: PermitSource

    package init(_ service: ServiceContext, _ desk: SubmissionDesk) {
        self.service = service
        self.desk = desk
        messages = PermitSource(service, consumer: StreamNames.intake)
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
                    service.logger.warning("a submission waits for another try", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func take(_ delivery: Delivery) async throws {
        do {
            if try await !wasErased(delivery.message) {
                let message = ClientMessage(delivery.message, service.settings.subjects)
                try await desk.take(message, delivery: "\(delivery.sequence)")
                // Where a submission is stored, no message of ours is any more.
                try await service.store.displace(sequence: delivery.sequence)
                try await erase(delivery)
            }
            try await service.crashPoints.around(.receipt) { try await delivery.acknowledge() }
        } catch {
            try? await delivery.negativeAcknowledge(delay: .seconds(1))
            throw error
        }
    }

    /// Whether this is what is left of a message that comes again: it was recorded before it was erased.
    private func wasErased(_ message: BusMessage) async throws -> Bool {
        guard message.payload.isEmpty, let (address, _) = service.settings.subjects.parse(message.subject) else {
            return false
        }
        return try await service.store.knows(address)
    }

    private func erase(_ delivery: Delivery) async throws {
        do {
            try await service.bus.erase(
                stream: delivery.stream, sequence: delivery.sequence, subject: delivery.message.subject)
        } catch let error as BusError where error.code == .notFound {
            // It is gone already.
        }
    }
}
