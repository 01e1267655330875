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
    /// Whether the process takes on new work.
    package let admission = Admission()
    /// What keeps the service from being ready.
    package let openings = Openings()

    package init(
        name: String, settings: ServiceSettings, owner: UUID, bus: any MessageBus, pool: ConnectionPool,
        store: TaskStore, publisher: OutboxPublisher, redactor: Redactor, logger: Logger,
        crashPoints: CrashPoints = .none, metrics: MetricsRegistry = MetricsRegistry()
    ) {
        self.name = name
        self.settings = settings
        self.owner = owner
        self.bus = bus
        self.pool = pool
        self.store = store
        self.publisher = publisher
        self.redactor = redactor
        self.logger = logger
        self.crashPoints = crashPoints
        self.metrics = metrics
    }
}
