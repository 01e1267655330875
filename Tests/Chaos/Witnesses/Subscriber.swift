import Contracts
import Foundation
import Messaging
import TestSupport

/// Listens to every message from the start and notes each copy of an event. It hears nothing while the bus is away.
final class Subscriber: Sendable {
    /// What was heard, in order.
    let events = Recorder<SeenEvent>()
    /// The messages from clients to planners and between the stages that were stored, without their ids.
    let permits = Recorder<BusMessage>()
    private let reading: Task<Void, Never>

    /// Subscribes before it returns.
    init(_ bus: any MessageBus) async throws {
        let messages = try await bus.subscribe("\(SubjectScheme.defaultPrefix).*.*.*.*", queueGroup: nil)
        reading = Task { [events, permits] in
            for await message in messages {
                let event = SeenEvent(
                    subject: message.subject, messageID: message.headers[BusMessage.messageIDHeader],
                    payload: String(decoding: message.payload, as: UTF8.self))
                if let event { events.record(event) }
                if Self.isPermit(message) {
                    permits.record(BusMessage(subject: message.subject, payload: message.payload))
                }
            }
        }
    }

    private static func isPermit(_ message: BusMessage) -> Bool {
        ["_requested", ".task_submitted"].contains { message.subject.hasSuffix($0) }
    }

    deinit { reading.cancel() }
}
