import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Logging

/// The settings that every service shares. What one service alone needs it reads from ``source``.
package struct ServiceSettings: Sendable {
    package let source: SettingsSource
    package let subjects: SubjectScheme
    package let natsURL: String
    package let natsCredentials: String?
    package let natsInboxPrefix: String
    /// 1 to 5.
    package let streamReplicas: Int
    package let databaseURL: Secret
    package let databasePoolSize: Int
    /// Stage runs of one replica at a time.
    package let concurrency: Int
    package let maxRetries: Int
    package let maxIterations: Int
    package let taskTimeout: Duration
    package let lease: Duration
    /// How long a stage may go without finishing a step.
    package let stepTimeout: Duration
    /// How long the work and the history of ended tasks are kept.
    package let retention: Duration
    /// The folder of mirrors and work trees, absolute.
    package let home: String
    package let keys: KeyRing
    package let allowsLocalRemotes: Bool
    /// Where remotes may be.
    package let remoteAddresses: AddressPolicy
    /// A file of host keys, absolute; `nil` trusts what a host shows first.
    package let knownHosts: String?
    package let logLevel: Logger.Level
    package let logFormat: LineLogHandler.Format
    package let healthPort: UInt16?

    package init(_ source: SettingsSource) throws {
        self.source = source
        subjects = try source.subjects()
        natsURL = try source.required("NATS_URL")
        natsCredentials = try source.text("NATS_CREDENTIALS")
        natsInboxPrefix = try source.inboxPrefix()
        streamReplicas = try source.int("NATS_STREAM_REPLICAS", in: 1...5)
        databaseURL = Secret(try source.required("DATABASE_URL"))
        databasePoolSize = try source.int("DATABASE_POOL_SIZE", in: 1...64)
        concurrency = try source.int("WORKER_CONCURRENCY", in: 1...10_000)
        maxRetries = try source.int("MAX_RETRIES", in: 0...100)
        maxIterations = try source.int("MAX_ITERATIONS", in: 1...10_000)
        taskTimeout = .seconds(try source.int("TASK_TIMEOUT", in: 1...2_592_000))
        lease = .seconds(try source.int("LEASE_SECONDS", in: 1...3600))
        stepTimeout = .seconds(try source.int("STEP_TIMEOUT", in: 1...86_400))
        retention = .seconds(86_400 * (try source.int("RETENTION_DAYS", in: 1...3650)))
        home = URL(fileURLWithPath: try source.required("AUTOMATA_HOME")).path
        keys = try Self.keys(source)
        allowsLocalRemotes = try source.bool("REPOSITORY_ALLOW_LOCAL")
        remoteAddresses = try Self.remoteAddresses(source)
        knownHosts = try Self.readable(source, "SSH_KNOWN_HOSTS")
        logLevel = try Self.oneOf(Logger.Level.allCases, source, "LOG_LEVEL")
        logFormat = try Self.oneOf(LineLogHandler.Format.allCases, source, "LOG_FORMAT")
        healthPort = try source.text("HEALTH_PORT").map { text in
            guard let port = UInt16(text) else { throw SettingsError("HEALTH_PORT", "expected 0…65535") }
            return port
        }
    }

    private static func keys(_ source: SettingsSource) throws -> KeyRing {
        var values: [String: Secret] = [:]
        for setting in KeyRing.Setting.allCases {
            if let value = try source.secret(setting.rawValue) { values[setting.rawValue] = value }
        }
        do {
            return try KeyRing(values)
        } catch {
            throw SettingsError("AUTOMATA_MASTER_KEY", "\(error)")
        }
    }

    private static func remoteAddresses(_ source: SettingsSource) throws -> AddressPolicy {
        var policy = AddressPolicy(allowsPrivate: try source.bool("REPOSITORY_ALLOW_PRIVATE"))
        for entry in try source.list("REPOSITORY_ALLOWED_HOSTS") {
            if let range = AddressRange(entry) {
                policy.ranges.append(range)
            } else if entry.wholeMatch(of: /[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9])?/) != nil {
                policy.hosts.insert(entry.lowercased())
            } else {
                throw SettingsError(
                    "REPOSITORY_ALLOWED_HOSTS", "expected names of hosts and ranges such as 10.1.0.0/16, got \(entry)")
            }
        }
        return policy
    }

    /// The absolute path of a file that has to be readable, if one is set.
    private static func readable(_ source: SettingsSource, _ name: String) throws -> String? {
        guard let text = try source.text(name) else { return nil }
        let path = URL(fileURLWithPath: text).path
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw SettingsError(name, "cannot read \(text.prefix(200))")
        }
        return path
    }

    private static func oneOf<T: RawRepresentable<String>>(
        _ cases: [T], _ source: SettingsSource, _ name: String
    ) throws -> T {
        let text = try source.required(name)
        guard let value = T(rawValue: text.lowercased()) else {
            let names = cases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError(name, "expected one of \(names), got \(text.prefix(32))")
        }
        return value
    }

    /// A setting that one service cannot do without.
    package func require<T>(_ value: T?, _ name: String, for service: String) throws -> T {
        guard let value else { throw SettingsError(name, "missing: \(service) needs it") }
        return value
    }

    /// Every secret among the settings, for redaction.
    package func secrets() throws -> [Secret] {
        try Setting.all.filter(\.isSecret).compactMap { try source.secret($0.name) }
    }
}

extension SettingsSource {
    /// The subjects of this installation.
    package func subjects() throws -> SubjectScheme { try tokens("NATS_SUBJECT_PREFIX") }

    /// What subjects for answers begin with.
    package func inboxPrefix() throws -> String { try tokens("NATS_INBOX_PREFIX").prefix }

    private func tokens(_ name: String) throws -> SubjectScheme {
        guard let tokens = SubjectScheme(prefix: try required(name)) else {
            throw SettingsError(name, "expected 1…8 tokens of [A-Za-z0-9_-] joined by dots")
        }
        return tokens
    }
}
