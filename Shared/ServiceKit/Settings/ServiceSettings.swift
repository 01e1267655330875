import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Logging

/// The settings that every service shares. What one service alone needs it reads from ``source``.
package struct ServiceSettings: Sendable {
    package let source: SettingsSource
    /// The kinds of steps that there are.
    package let kinds: [StepKind.Row]
    package let subjects: SubjectScheme
    package let natsURL: String
    package let natsCredentials: String?
    package let natsInboxPrefix: String
    /// 1 to 5.
    package let streamReplicas: Int
    package let databaseURL: Secret
    package let databasePoolSize: Int
    package let lease: Duration
    package let logLevel: Logger.Level
    package let logFormat: LineLogHandler.Format
    /// From which level on lines are recorded; `nil` for none.
    package let logRecordLevel: Logger.Level?
    /// `nil` where the process is given no name.
    package let replicaName: String?
    package let healthPort: UInt16?
    /// As far as the service may read them.
    package let keys: KeyRing
    /// `nil` where the service works on no stage.
    package let stages: StageSettings?

    package init(_ source: SettingsSource, kinds: [StepKind.Row] = StepKind.rows) throws {
        self.source = source
        self.kinds = kinds
        subjects = try source.subjects()
        natsURL = try source.required(.natsURL)
        natsCredentials = try source.text(.natsCredentials)
        natsInboxPrefix = try source.inboxPrefix()
        streamReplicas = try source.int(.streamReplicas, in: 1...5)
        databaseURL = Secret(try source.required(.databaseURL))
        databasePoolSize = try source.int(.databasePoolSize, in: 1...64)
        lease = .seconds(try source.int(.lease, in: 1...3600))
        logLevel = try source.oneOf(Logger.Level.allCases, .logLevel)
        logFormat = try source.oneOf(LineLogHandler.Format.allCases, .logFormat)
        logRecordLevel =
            try source.required(.logRecordLevel).lowercased() == "none"
            ? nil : try source.oneOf(Logger.Level.allCases, .logRecordLevel)
        replicaName = try source.text(.replicaName).map { name in
            guard TaskID.accepts(name) else {
                throw SettingsError(.replicaName, "expected [A-Za-z0-9_-]{1,64}, got \(name.prefix(64))")
            }
            return name
        }
        healthPort = try source.text(.healthPort).map { text in
            guard let port = UInt16(text) else { throw SettingsError(.healthPort, "expected 0…65535") }
            return port
        }
        keys = try Self.keys(source)
        stages = try Setting.stages.allSatisfy(source.reads) ? StageSettings(source) : nil
    }

    private static func keys(_ source: SettingsSource) throws -> KeyRing {
        var values: [Setting: Secret] = [:]
        for setting in Setting.keys where source.reads(setting) { values[setting] = try source.secret(setting) }
        do {
            return try KeyRing(values)
        } catch {
            throw SettingsError(.masterKey, "\(error)")
        }
    }

    /// A setting that one service cannot do without.
    package func require<T>(_ value: T?, _ name: String, for service: String) throws -> T {
        guard let value else { throw SettingsError(name, "missing: \(service) needs it") }
        return value
    }
}

extension SettingsSource {
    /// The subjects of this installation.
    package func subjects() throws -> SubjectScheme { try tokens(.subjectPrefix) }

    /// What subjects for answers begin with.
    package func inboxPrefix() throws -> String { try tokens(.inboxPrefix).prefix }

    private func tokens(_ setting: Setting) throws -> SubjectScheme {
        guard let tokens = SubjectScheme(prefix: try required(setting)) else {
            throw SettingsError(setting, "expected 1…8 tokens of [A-Za-z0-9_-] joined by dots")
        }
        return tokens
    }
}
