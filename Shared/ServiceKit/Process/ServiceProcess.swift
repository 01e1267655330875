import ArgumentParser
import Contracts
import Foundations
import Logging
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// The options of every service executable.
package struct ServiceOptions: ParsableArguments, Sendable {
    @Option(name: .long, help: "A file of NAME=value lines; the environment goes before it.")
    package var config: String?

    package init() {}
}

/// A service executable: what its `main` has to say.
package protocol ServiceCommand: AsyncParsableCommand, Sendable {
    /// Its row in the table of services.
    static var kind: ServiceKind { get }
    static var abstract: String { get }
    /// The steps that the service takes and that a test can have it killed at.
    static var crashSteps: [CrashPoint.Step] { get }
    /// What the program does besides, for itself.
    static var subcommands: [any ParsableCommand.Type] { get }
    var options: ServiceOptions { get }
    /// Builds the parts that make up the service. Throws ``SettingsError`` where a setting is missing.
    func services(_ context: ServiceContext) async throws -> [any Service]
}

extension ServiceCommand {
    package static var subcommands: [any ParsableCommand.Type] { [] }

    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: kind.executable, abstract: abstract,
            discussion: "Settings, from the environment or the file of --config:\n\(kind.settingsHelp)",
            subcommands: subcommands)
    }

    package func run() async throws {
        do {
            try await ServiceProcess.run(Self.kind, options: options, crashSteps: Self.crashSteps, services)
        } catch let error as SettingsError {
            _ = try? FileDescriptor.standardError.writeAll("\(Self.kind.executable): \(error)\n".utf8)
            throw ExitCode(78)
        }
    }
}

/// Runs one service: settings, logs, connections, schema, then the parts until SIGTERM.
package enum ServiceProcess {
    /// How long parts may take to give back what they hold after SIGTERM.
    package static let drainLimit: Duration = .seconds(10)
    /// Of this program, for people.
    package static let version = "1.0"

    /// - Parameter kinds: The kinds of steps that there are.
    package static func run(
        _ kind: ServiceKind, options: ServiceOptions, crashSteps: [CrashPoint.Step],
        kinds: [StepKind.Row] = StepKind.rows,
        _ services: @escaping @Sendable (ServiceContext) async throws -> [any Service]
    ) async throws {
        let settings = try ServiceSettings(try await SettingsSource(file: options.config, of: kind), kinds: kinds)
        let crashPoints = try CrashPoints(settings.source, steps: crashSteps)
        let redactor = Redactor(settings.source.secrets)
        let recorder = settings.logRecordLevel.map { LogRecorder(from: $0, redactor: redactor) }
        LoggingSystem.bootstrap { label in
            LineLogHandler(
                label: label, printed: settings.logLevel, format: settings.logFormat, redactor: redactor,
                recorder: recorder)
        }
        let logger = Logger(label: kind.rawValue)
        let metrics = MetricsRegistry()
        metrics.collectProcess(service: kind.rawValue, version: version)
        if let point = crashPoints.armedPoint {
            logger.warning(
                "a crash point is armed: this process will kill itself", metadata: ["point": "\(point.rawValue)"])
        }
        let start = ServiceStart(kind, settings, redactor, recorder, crashPoints, metrics, logger, services)
        var parts: [any Service] = []
        if let port = settings.healthPort {
            let checks = start.context.healthChecks
            parts.append(HealthServer(port: port, checks: checks, metrics: metrics, logger: logger))
        }
        let lastResort = LastResort(limit: drainLimit + .seconds(5))
        try await group(parts + [start, lastResort], signals: [.sigterm, .sigint], logger).run()
        logger.info("service stopped")
        if let code = start.end.exitCode { throw ExitCode(code) }
    }

    /// The last of `parts` is the first to be told to end.
    static func group(_ parts: [any Service], signals: [UnixSignal] = [], _ logger: Logger) -> ServiceGroup {
        // At debug the group prints its services with all they hold.
        var logger = logger
        logger.logLevel = max(.info, logger.logLevel)
        var configuration = ServiceGroupConfiguration(
            services: parts.map { .init(service: $0) }, gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = drainLimit
        return ServiceGroup(configuration: configuration)
    }
}
