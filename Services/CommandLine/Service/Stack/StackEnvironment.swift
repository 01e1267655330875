import Contracts
import Foundation
import ServiceKit

/// What the services of a private stack take over from the tool's own environment.
struct StackEnvironment {
    /// What tells about the host: programs, certificates, proxies.
    private static let host: Set = [
        "PATH", "HOME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy",
        "HTTPS_PROXY", "no_proxy", "NO_PROXY", "ALL_PROXY", "all_proxy",
    ]
    /// What the stack decides for itself: its servers, homes, ports and keys.
    private static let decided = Set(
        [
            Setting.natsURL, .natsCredentials, .inboxPrefix, .streamReplicas, .databaseURL, .home, .healthPort,
            .replicaName, .tasksFile,
        ]
            + Setting.keys)
    /// A stack is its user's own: remotes may be folders and servers of this host, and tasks without a project are of one.
    private static let preferred: [Setting: String] = [
        .allowLocal: "true", .allowPrivate: "true", .gatewayProject: "local/default",
    ]

    private let variables: [String: String]

    init(_ variables: [String: String] = ProcessInfo.processInfo.environment) { self.variables = variables }

    /// The variables of one service: of the settings those that it reads, so that secrets reach no other.
    func variables(of service: ServiceKind) throws -> [String: String] {
        var own = variables.filter { Self.host.contains($0.key) }
        let source = SettingsSource(values: variables, of: service)
        for setting in service.settings where !Self.decided.contains(setting) {
            own[setting.name] = try source.given(setting) ?? Self.preferred[setting]
        }
        return own
    }

    /// The subjects of the stack's bus.
    func subjects() throws -> SubjectScheme { try SettingsSource(values: variables).subjects() }

    /// What clients have to know besides the addresses.
    func clientSettings() throws -> [String: String] {
        let setting = Setting.subjectPrefix
        return try SettingsSource(values: variables).given(setting).map { [setting.name: $0] } ?? [:]
    }
}
