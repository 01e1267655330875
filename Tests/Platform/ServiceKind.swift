/// The six services.
package enum ServiceKind: String, CaseIterable, Sendable {
    /// The services of this name; ``bridge`` is `automata-webhook-bridge`.
    case planner, coder, validator, pusher, notifier
    case bridge = "webhook-bridge"

    /// The name of its executable.
    package var executable: String { "automata-\(rawValue)" }

    /// The settings with secrets that this service needs, and no others.
    package var keys: [String] {
        switch self {
        case .planner: ["AUTOMATA_MASTER_KEY", "OPENAI_API_KEY"]
        case .coder: ["OPENAI_API_KEY"]
        case .validator: ["SIGNING_KEY"]
        case .pusher: ["SEALING_KEY", "VERIFY_KEY"]
        case .notifier: []
        case .bridge: ["WEBHOOK_SECRET", "WEBHOOK_MASTER_KEY"]
        }
    }
}
