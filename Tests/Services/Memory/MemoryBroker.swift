import Contracts
import Foundation
import Foundations
import Logging
import Messaging
import ServiceKit

extension Logger {
    /// Tells nobody.
    static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}

extension ServiceSettings {
    /// Settings without servers.
    static func inMemory(_ more: [String: String] = [:]) throws -> ServiceSettings {
        try ServiceSettings(SettingsSource(values: ["DATABASE_URL": "postgres://localhost/x"].merging(more) { $1 }))
    }
}

extension TaskAddress {
    static func sample(_ task: String = "fix-login") -> TaskAddress {
        TaskAddress(
            company: CompanyID(validated: "acme"), project: ProjectID(validated: "web"), task: TaskID(validated: task))
    }
}

/// A bus in memory with the stream and the consumers of the flow.
struct MemoryBroker {
    let bus = InMemoryBus()
    let settings: ServiceSettings
    let subjects: SubjectScheme

    init(_ more: [String: String] = [:]) async throws {
        settings = try .inMemory(more)
        subjects = settings.subjects
        try await StreamTopology.declare(on: bus, settings)
    }

    /// Puts the submission of a task into the stream, and returns its place.
    @discardableResult
    func submit(_ task: String, _ payload: String = "{}") async throws -> UInt64 {
        let subject = subjects.subject(.sample(task), .taskSubmitted)
        return try await bus.publish(
            BusMessage(subject: subject, payload: Data(payload.utf8)), messageID: nil
        ).sequence
    }

    /// Takes so many messages from a consumer and acknowledges them. Returns their places.
    @discardableResult
    func consume(_ count: Int, of durable: String) async throws -> [UInt64] {
        let consumer = try await bus.consumer(stream: StreamNames.events, durable: durable)
        var places: [UInt64] = []
        for _ in 0..<count {
            guard let delivery = try await consumer.next(waitingAtMost: .seconds(20)) else { break }
            try await delivery.acknowledge()
            places.append(delivery.sequence)
        }
        return places
    }
}
