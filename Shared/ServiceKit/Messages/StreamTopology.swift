import Contracts
import Foundations
import Messaging

/// The one stream and the consumers of the flow.
package enum StreamTopology {
    /// How long the stream knows the ids of its messages.
    package static let duplicateWindow: Duration = .seconds(1800)
    /// How long the stream keeps messages.
    package static let maxAge: Duration = .seconds(14 * 86_400)

    package static func stream(_ settings: ServiceSettings) -> StreamDeclaration {
        StreamDeclaration(
            name: StreamNames.events, subjects: settings.subjects.streamSubjects(settings.kinds),
            maxAge: maxAge, duplicateWindow: duplicateWindow, replicas: settings.streamReplicas,
            maxMessageSize: 600 << 10)
    }

    package static func consumers(_ settings: ServiceSettings) -> [ConsumerDeclaration] {
        let subjects = settings.subjects
        return settings.kinds.map { consumer($0.consumer, of: subjects.filter(permit: $0.kind), settings) } + [
            intake(settings),
            consumer(StreamNames.webhookCompleted, of: subjects.filter(.workflowCompleted), settings),
            consumer(StreamNames.webhookFailed, of: subjects.filter(.workflowFailed), settings),
            consumer(StreamNames.notifyCompleted, of: subjects.filter(.workflowCompleted), settings),
            consumer(StreamNames.notifyFailed, of: subjects.filter(.workflowFailed), settings),
            consumer(StreamNames.notifyApprovals, of: subjects.filter(.approvalRequested), settings),
            consumer(StreamNames.notifyBudgets, of: subjects.filter(.budgetAlert), settings),
            consumer(StreamNames.notifyCheckpoints, of: subjects.filter(.checkpointReached), settings),
        ]
    }

    /// Creates what is missing. Idempotent; what an older or newer program has declared besides stays.
    package static func declare(on bus: any MessageBus, _ settings: ServiceSettings) async throws {
        try await bus.declare(stream(settings), consumers: consumers(settings))
    }

    /// Whether a service of this name is one that declares.
    package static func isDeclared(by service: String) -> Bool {
        ServiceKind(rawValue: service)?.row.declaresStream ?? false
    }

    /// Whether nothing of it is missing on the bus.
    package static func isComplete(on bus: any MessageBus, _ settings: ServiceSettings) async throws -> Bool {
        let wanted = stream(settings)
        guard let state = try await bus.streamState(wanted.name),
            Subject.union(state.subjects, wanted.subjects) == state.subjects
        else { return false }
        for consumer in consumers(settings) {
            guard try await bus.consumerState(stream: wanted.name, durable: consumer.durable) != nil else {
                return false
            }
        }
        return true
    }

    /// Has submissions behind `sequence` delivered again: unlike what the services tell each other, they are in no
    /// outbox. One that was recorded before does nothing.
    package static func rewindIntake(
        to sequence: UInt64, on bus: any MessageBus, _ settings: ServiceSettings
    ) async throws {
        try await bus.rewind(intake(settings), of: StreamNames.events, to: sequence)
    }

    private static func intake(_ settings: ServiceSettings) -> ConsumerDeclaration {
        consumer(StreamNames.intake, of: settings.subjects.filter(.taskSubmitted), settings)
    }

    /// A message that a replica died with comes again when a lease would end.
    private static func consumer(
        _ durable: String, of subject: String, _ settings: ServiceSettings
    ) -> ConsumerDeclaration {
        ConsumerDeclaration(durable: durable, filterSubject: subject, ackWait: settings.lease, maxAckPending: 20_000)
    }
}
