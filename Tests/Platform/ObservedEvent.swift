import Contracts
import Foundation
import Foundations
import Messaging

/// An event as a subscriber sees it.
package struct ObservedEvent: Sendable {
    package let event: Event
    /// The headers of the message.
    package let headers: [String: String]
    /// The bytes as they came.
    package let payload: Data

    /// `nil` if the message is no event.
    package init?(_ message: BusMessage) {
        guard let event = try? JSON.decode(Event.self, from: message.payload) else { return nil }
        self.event = event
        headers = message.headers
        payload = message.payload
    }

    /// The kind of event.
    package var type: EventType { event.notificationType }
    /// What it tells besides.
    package var details: JSONValue { event.details }
}
