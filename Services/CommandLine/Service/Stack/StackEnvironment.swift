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
    private static let decided: Set = [
        "NATS_URL", "NATS_CREDENTIALS", "NATS_INBOX_PREFIX", "NATS_STREAM_REPLICAS", "DATABASE_URL", "AUTOMATA_HOME",
        "HEALTH_PORT",
        "AUTOMATA_MASTER_KEY", "SEALING_KEY", "SIGNING_KEY", "VERIFY_KEY",
    ]
    /// Secrets go only to the services that use them.
    private static let readers: [String: Set<String>] = [
        "OPENROUTER_API_KEY": ["planner", "coder"], "OPENAI_API_KEY": ["planner", "coder"],
        "ANTHROPIC_API_KEY": ["planner", "coder"], "WEBHOOK_SECRET": ["webhook-bridge"],
        "WEBHOOK_MASTER_KEY": ["webhook-bridge"],
        "CHAT_WEBHOOK_URL": ["notifier"],
    ]

    private let variables: [String: String]

    init(_ variables: [String: String] = ProcessInfo.processInfo.environment) { self.variables = variables }

    /// The variables of one service. A stack is its user's own: remotes may be folders and servers of this host.
    func variables(of service: String) throws -> [String: String] {
        var own = variables.filter { Self.host.contains($0.key) }
        own["REPOSITORY_ALLOW_LOCAL"] = "true"
        own["REPOSITORY_ALLOW_PRIVATE"] = "true"
        let source = SettingsSource(values: variables)
        for setting in Setting.all where !Self.decided.contains(setting.name) {
            guard Self.readers[setting.name]?.contains(service) ?? true else { continue }
            if let value = try source.given(setting.name) { own[setting.name] = value }
        }
        return own
    }

    /// The subjects of the stack's bus.
    func subjects() throws -> SubjectScheme { try SettingsSource(values: variables).subjects() }

    /// What clients have to know besides the addresses.
    func clientSettings() throws -> [String: String] {
        let name = "NATS_SUBJECT_PREFIX"
        return try SettingsSource(values: variables).given(name).map { [name: $0] } ?? [:]
    }
}
