import Contracts
import Database
import FoundationEssentials
import Foundations
import JetStream
import Logging
import Messaging
import TaskStore

/// What a service is built from: its settings and the connections of its process.
package struct ServiceContext: Sendable {
    package let name: String
    package let settings: ServiceSettings
    /// Names this process as the owner of leases: random, so that a restarted process is another owner.
    package let owner: UUID
    package let bus: any MessageBus
    package let pool: ConnectionPool
    package let store: TaskStore
    package let publisher: OutboxPublisher
    package let redactor: Redactor
    package let logger: Logger
    package var crashPoints = CrashPoints.none
    package var metrics = MetricsRegistry()
    /// What keeps the service from being ready.
    package let openings = Openings()
}

/// Declares the one stream and its consumers. Idempotent; run at every start and by the reconciler.
package enum StreamTopology {
    /// How long the stream knows the ids of its messages.
    package static let duplicateWindow: Duration = .seconds(1800)
    /// How long the stream keeps messages.
    package static let maxAge: Duration = .seconds(14 * 86_400)

    package static func stream(_ settings: ServiceSettings) -> StreamDeclaration {
        StreamDeclaration(
            name: StreamNames.events, subjects: settings.subjects.streamSubjects, maxAge: maxAge,
            duplicateWindow: duplicateWindow, replicas: settings.streamReplicas, maxMessageSize: 600 << 10)
    }

    package static func consumers(_ settings: ServiceSettings) -> [ConsumerDeclaration] {
        let subjects = settings.subjects
        return StepKind.rows.map { consumer($0.consumer, of: subjects.filter(permit: $0.kind), settings) } + [
            intake(settings),
            consumer(StreamNames.webhookCompleted, of: subjects.filter(.workflowCompleted), settings),
            consumer(StreamNames.webhookFailed, of: subjects.filter(.workflowFailed), settings),
            consumer(StreamNames.notifyCompleted, of: subjects.filter(.workflowCompleted), settings),
            consumer(StreamNames.notifyFailed, of: subjects.filter(.workflowFailed), settings),
        ]
    }

    package static func declare(on bus: any MessageBus, _ settings: ServiceSettings) async throws {
        try await bus.declare(stream(settings), consumers: consumers(settings))
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
