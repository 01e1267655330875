import Contracts
import Foundation
import JetStream
import Messaging
import PlatformSupport
import TestSupport

/// Publishes messages between the stages and submissions again, late, in random order, and under new ids.
struct RepublishMessages: Nemesis {
    let installation: Installation
    var rest: ClosedRange<Double> { 0.05...0.3 }

    func inject(_ random: inout SeededGenerator) async throws {
        let messages = installation.subscriber.permits.elements
        for _ in 0..<10 {
            guard let message = messages.randomElement(using: &random) else { return }
            _ = try? await installation.platform.bus.publish(message, messageID: UUID().uuidString)
        }
    }
}
