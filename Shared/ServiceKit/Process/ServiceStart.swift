import Contracts
import Database
import FoundationEssentials
import Foundations
import JetStream
import Logging
import Messaging
import ServiceLifecycle
import TaskStore

/// A service from its start: waits for the servers as long as it takes, then runs its parts until SIGTERM.
///
/// Meanwhile the health endpoints answer, and say what is missing.
struct ServiceStart: Service {
    private static let part = "connections"

    let context: ServiceContext
    /// How the process ends when it is told to.
    let end = ReplicaEnd()
    private let kind: ServiceKind
    private let recorder: LogRecorder?
    private let bus: JetStreamBus
    private let services: @Sendable (ServiceContext) async throws -> [any Service]

    init(
        _ kind: ServiceKind, _ settings: ServiceSettings, _ redactor: Redactor, _ recorder: LogRecorder?,
        _ crashPoints: CrashPoints, _ metrics: MetricsRegistry, _ logger: Logger,
        _ services: @escaping @Sendable (ServiceContext) async throws -> [any Service]
    ) {
        self.kind = kind
        self.recorder = recorder
        var database = DatabaseConfiguration(
            url: settings.databaseURL, size: settings.databasePoolSize, applicationName: kind.executable,
            logger: logger)
        database.statementTimeout = .seconds(kind.row.statementSeconds)
        // Who freezes in the middle of a transaction keeps its rows locked no longer than it keeps their lease.
        database.idleInTransactionTimeout = settings.lease
        let pool = ConnectionPool(database)
        bus = JetStreamBus(
            JetStreamConfiguration(
                url: Secret(settings.natsURL), credentialsFile: settings.natsCredentials, name: kind.executable,
                inboxPrefix: settings.natsInboxPrefix, logger: logger))
        let store = TaskStore(
            pool: pool, subjects: settings.subjects, settlesOthers: kind.row.keepsWorkflows)
        context = ServiceContext(
            name: kind.rawValue, settings: settings, owner: UUID(), bus: bus, pool: pool, store: store,
            publisher: OutboxPublisher(
                bus: bus, store: store, rights: kind.tells(settings.kinds), crashPoints: crashPoints, metrics: metrics,
                logger: logger),
            redactor: redactor, logger: logger, crashPoints: crashPoints, metrics: metrics)
        self.services = services
        for part in [Self.part] + kind.row.answers.map(\.rawValue) { context.openings.expect(part) }
        metrics.collect { [bus] metrics in
            let load = pool.load
            metrics.set(.connections, to: Double(load.size))
            metrics.set(.connectionsInUse, to: Double(load.inUse))
            metrics.set(.connectionsAwaited, to: Double(load.waiting))
            metrics.set(.busConnected, to: bus.isConnected ? 1 : 0)
        }
    }

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await connect() }
        } catch  where Task.isShuttingDownGracefully {
            return
        }
        let keepers: [any Service] =
            isDeclaring ? [StreamKeeper(bus: bus, settings: context.settings, logger: context.logger)] : []
        let transport: [any Service] = [bus, context.publisher]
        let parts = presence + transport + keepers + (try await services(context))
        context.openings.opened(Self.part)
        context.logger.info("service started", metadata: ["owner": "\(context.owner.text)"])
        try await ServiceProcess.group(parts, context.logger).run()
    }

    /// The pool, and what others see of this process by it until the end: that it is there, and what it logs.
    private var presence: [any Service] {
        let name = context.settings.replicaName ?? ReplicaName.made(of: kind)
        let replica = Replica(
            owner: context.owner, service: kind, name: name, version: ServiceProcess.version,
            places: context.settings.stages?.concurrency, startedAt: Date())
        var parts: [any Service] = [context.pool]
        if let recorder {
            parts.append(
                LogWriter(
                    recorder: recorder, record: context.store, service: kind.rawValue, replica: name,
                    metrics: context.metrics, logger: context.logger))
        }
        parts.append(
            ReplicaBeat(context.store, replica, context.admission, context.logger) { [end] in end.begin($0) })
        return parts
    }

    /// Connects to the database and the bus. What no waiting can mend is reported as the setting that is wrong.
    private func connect() async throws {
        try await untilDone("database") {
            do {
                _ = try await TaskStore.migrate(context.pool)
            } catch let error as DatabaseError where error.phase == .connect && !error.isRetriable {
                throw SettingsError(.databaseURL, error.message)
            }
        }
        try await untilDone("bus") {
            do {
                try await bus.connect()
            } catch let error as BusError where !error.isRetriable {
                let isLogin = error.code == .permission && context.settings.natsCredentials != nil
                throw SettingsError(isLogin ? .natsCredentials : .natsURL, error.message)
            }
            try await prepareStream()
        }
    }

    private var isDeclaring: Bool { StreamTopology.isDeclared(by: context.name) }

    /// Only some services declare the stream, so that none takes part that knows less of it than others.
    private func prepareStream() async throws {
        if isDeclaring { return try await StreamTopology.declare(on: bus, context.settings) }
        guard try await bus.streamState(StreamNames.events) == nil else { return }
        throw BusError(.notFound, "no planner or notifier has declared the stream yet", isRetriable: true)
    }

    private func untilDone(_ what: String, _ body: () async throws -> Void) async throws {
        let backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        var attempt = 0
        while true {
            do {
                return try await body()
            } catch let error where error.permitsRestart {
                context.logger.warning("waiting for a server", metadata: ["server": "\(what)", "error": "\(error)"])
                try await Task.sleep(for: backoff.delay(attempt: attempt))
                attempt += 1
            }
        }
    }
}
