import Foundation
import PlatformSupport
import TestSupport

/// A platform under fault: its own servers, replicas that are started again, and the witnesses.
final class Installation: Sendable {
    let nats: NATSServer
    private let moreServers: [NATSServer]
    let postgres: PostgresServer
    let platform: Platform
    let supervisor: Supervisor
    let subscriber: Subscriber
    let remotes: [GitRemote]
    /// Found in the ids of its tasks and in the command lines of their commands.
    let marker = "chaos-\(UUID().uuidString.prefix(8).lowercased())"

    /// How long a lease holds: short, so that a run sees many end.
    static let lease: Duration = .seconds(2)

    init(_ parts: InstallationParts) async throws {
        nats = parts.nats
        moreServers = parts.moreServers
        postgres = parts.postgres
        var settings = PlatformSettings(
            roles: Part.roles,
            environment: [
                "LEASE_SECONDS": "\(Int(Self.lease.components.seconds))", "MAX_RETRIES": "100",
                "WORKER_CONCURRENCY": "8", "DATABASE_POOL_SIZE": "3",
            ].merging(parts.environment) { $1 })
        settings.kinds = []
        settings.nats = nats
        settings.databaseURL = parts.databaseURL
        settings.modelLatencyMilliseconds = 250
        platform = try await Platform(settings)
        supervisor = Supervisor(platform, replicas: parts.replicas)
        subscriber = try await Subscriber(platform.bus)
        var remotes: [GitRemote] = []
        for _ in 0..<3 {
            let remote = try await GitRemote(files: Sample.files)
            try remote.notePushes()
            remotes.append(remote)
        }
        self.remotes = remotes
    }

    func stop() async throws {
        try await platform.stop()
        try await postgres.stop()
        for server in [nats] + moreServers { try await server.stop() }
    }
}

/// What an installation is made of: servers that a test may have put something between.
struct InstallationParts: Sendable {
    var nats: NATSServer
    /// The other nodes of a cluster.
    var moreServers: [NATSServer] = []
    var postgres: PostgresServer
    /// As the witnesses reach it.
    var databaseURL: String
    /// Settings of the services that differ.
    var environment: [String: String] = [:]
    var replicas = 2

    /// New servers.
    ///
    /// - Parameter database: Settings of Postgres.
    static func new(
        database settings: [String: String] = [:], environment: [String: String] = [:]
    ) async throws -> InstallationParts {
        async let nats = NATSServer.start()
        let postgres = try await PostgresServer.start(settings: settings)
        let url = try await postgres.createDatabase()
        return InstallationParts(
            nats: try await nats, postgres: postgres, databaseURL: url, environment: environment)
    }
}
