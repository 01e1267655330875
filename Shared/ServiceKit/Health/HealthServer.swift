import Logging
import ServiceLifecycle

/// Whether a service can do its work, asked by `/readyz`.
package protocol HealthCheck: Sendable {
    var name: String { get }
    /// Throws when what the name stands for does not work.
    func check() async throws
}

/// Which parts of a service do not work.
package enum Readiness {
    /// How long one check may take.
    private static let timeLimit: Duration = .seconds(2)

    /// The names of those checks that fail.
    package static func failures(of checks: [any HealthCheck]) async -> [String] {
        var failed: [String] = []
        for check in checks where await !passes(check) { failed.append(check.name) }
        return failed
    }

    /// A check that says nothing in time has failed.
    private static func passes(_ check: any HealthCheck) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await check.check()) != nil }
            group.addTask {
                try? await Task.sleep(for: timeLimit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}

/// Serves `GET /healthz` (the process runs), `/readyz` (its parts work) and `/metrics` (Prometheus).
package struct HealthServer: Service {
    private let port: UInt16
    private let checks: [any HealthCheck]
    private let metrics: MetricsRegistry
    private let logger: Logger

    package init(
        port: UInt16, checks: [any HealthCheck], metrics: MetricsRegistry, logger: Logger
    ) {
        self.port = port
        self.checks = checks
        self.metrics = metrics
        self.logger = logger
    }

    package func run() async throws {
        let responder = try HTTPResponder(port: port)
        logger.info("health endpoints are up", metadata: ["port": "\(responder.port)"])
        try await cancelWhenGracefulShutdown {
            try await responder.run([
                "/healthz": { HTTPAnswer(.ok, "ok\n") },
                "/readyz": { [checks] in await Self.readiness(checks) },
                "/metrics": { [metrics] in
                    HTTPAnswer(.ok, metrics.text, contentType: ExpositionText.contentType)
                },
            ])
        }
    }

    private static func readiness(_ checks: [any HealthCheck]) async -> HTTPAnswer {
        let failed = await Readiness.failures(of: checks)
        return failed.isEmpty
            ? HTTPAnswer(.ok, "ready\n")
            : HTTPAnswer(.unavailable, "not ready: \(failed.joined(separator: ", "))\n")
    }
}
