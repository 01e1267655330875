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
    /// What keeps the service from being ready.
    package let openings = Openings()
}

/// Declares the one stream and the consumers of the flow. Idempotent; run at every start and by the reconciler.
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

    /// A message that a replica died with comes again when a lease would end.
    package static func consumers(_ subjects: SubjectScheme, lease: Duration) -> [ConsumerDeclaration] {
        func consumer(_ durable: String, _ event: EventType) -> ConsumerDeclaration {
            ConsumerDeclaration(
                durable: durable, filterSubject: subjects.filter(event), ackWait: lease, maxAckPending: 20_000)
        }
        return Flow.rows.map { consumer($0.consumer, $0.trigger) } + [
            consumer(StreamNames.intake, .taskSubmitted),
            consumer(StreamNames.webhookCompleted, .workflowCompleted),
            consumer(StreamNames.webhookFailed, .workflowFailed),
            consumer(StreamNames.notifyCompleted, .workflowCompleted),
            consumer(StreamNames.notifyFailed, .workflowFailed),
        ]
    }

    package static func declare(on bus: any MessageBus, _ settings: ServiceSettings) async throws {
        try await bus.declare(stream(settings), consumers: consumers(settings.subjects, lease: settings.lease))
    }
}
