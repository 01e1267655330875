import ArgumentParser
import CoreMetrics
import Database
import FoundationEssentials
import Foundations
import JetStream
import Logging
import ServiceLifecycle
import SystemPackage
import TaskStore
import UnixSignals

/// The options of every service executable.
package struct ServiceOptions: ParsableArguments {
    @Option(name: .long, help: "A file of NAME=value lines; the environment goes before it.")
    package var config: String?

    package init() {}
}

/// A service executable: what its `main` has to say.
package protocol ServiceCommand: AsyncParsableCommand {
    /// The service's name without `automata-`.
    static var serviceName: String { get }
    static var abstract: String { get }
    /// The steps that the service takes and that a test can have it killed at.
    static var crashSteps: [CrashPoint.Step] { get }
    var options: ServiceOptions { get }
    /// Builds the parts that make up the service. Throws ``SettingsError`` where a setting is missing.
    func services(_ context: ServiceContext) async throws -> [any Service]
}

extension ServiceCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "automata-\(serviceName)", abstract: abstract,
            discussion: "Settings, from the environment or the file of --config:\n\(Setting.help)")
    }

    package func run() async throws {
        do {
            try await ServiceProcess.run(
                name: Self.serviceName, options: options, crashSteps: Self.crashSteps, services)
        } catch let error as SettingsError {
            _ = try? FileDescriptor.standardError.writeAll("automata-\(Self.serviceName): \(error)\n".utf8)
            throw ExitCode(78)
        }
    }
}

/// Runs one service: settings, logs, connections, schema, then the parts until SIGTERM.
package enum ServiceProcess {
    /// How long parts may take to give back what they hold after SIGTERM.
    package static let drainLimit: Duration = .seconds(10)

    package static func run(
        name: String, options: ServiceOptions, crashSteps: [CrashPoint.Step],
        _ services: (ServiceContext) async throws -> [any Service]
    ) async throws {
        let settings = try ServiceSettings(try await SettingsSource(file: options.config))
        let crashPoints = try CrashPoints(settings.source, steps: crashSteps)
        let redactor = Redactor(try settings.secrets())
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, level: settings.logLevel, format: settings.logFormat, redactor: redactor)
        }
        let logger = Logger(label: name)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        if let point = crashPoints.armedPoint {
            logger.warning(
                "a crash point is armed: this process will kill itself", metadata: ["point": "\(point.rawValue)"])
        }
        let (context, bus) = try await connect(name, settings, redactor, crashPoints, logger)
        var parts: [any Service] = [context.pool, bus, context.publisher]
        if let port = settings.healthPort {
            parts.append(HealthServer(port: port, checks: context.healthChecks, metrics: metrics, logger: logger))
        }
        parts += try await services(context)
        // At debug the group prints its services with all they hold.
        var groupLogger = logger
        groupLogger.logLevel = max(.info, logger.logLevel)
        var configuration = ServiceGroupConfiguration(
            services: parts.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: groupLogger)
        configuration.maximumGracefulShutdownDuration = drainLimit
        logger.info("service started", metadata: ["owner": "\(context.owner.text)"])
        try await ServiceGroup(configuration: configuration).run()
        logger.info("service stopped")
    }

    /// Connects to the database and the bus; waits for either as long as it takes, and says so.
    private static func connect(
        _ name: String, _ settings: ServiceSettings, _ redactor: Redactor, _ crashPoints: CrashPoints,
        _ logger: Logger
    ) async throws -> (ServiceContext, JetStreamBus) {
        var database = DatabaseConfiguration(
            url: settings.databaseURL, size: settings.databasePoolSize, applicationName: "automata-\(name)",
            logger: logger)
        // Who freezes in the middle of a transaction keeps its rows locked no longer than it keeps their lease.
        database.idleInTransactionTimeout = settings.lease
        let pool = ConnectionPool(database)
        let bus = JetStreamBus(
            JetStreamConfiguration(
                url: Secret(settings.natsURL), credentialsFile: settings.natsCredentials, name: "automata-\(name)",
                logger: logger))
        try await untilDone("database", logger) { _ = try await TaskStore.migrate(pool) }
        try await untilDone("bus", logger) {
            try await bus.connect()
            try await StreamTopology.declare(on: bus, settings)
        }
        let store = TaskStore(pool: pool, subjects: settings.subjects)
        let context = ServiceContext(
            name: name, settings: settings, owner: UUID(), bus: bus, pool: pool, store: store,
            publisher: OutboxPublisher(bus: bus, store: store, crashPoints: crashPoints, logger: logger),
            redactor: redactor, logger: logger, crashPoints: crashPoints)
        return (context, bus)
    }

    private static func untilDone(
        _ what: String, _ logger: Logger, _ body: @Sendable () async throws -> Void
    ) async throws {
        let backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        var attempt = 0
        while true {
            do {
                return try await body()
            } catch let error where error.permitsRestart {
                logger.warning("waiting for a server", metadata: ["server": "\(what)", "error": "\(error)"])
                try await Task.sleep(for: backoff.delay(attempt: attempt))
                attempt += 1
            }
        }
    }
}
