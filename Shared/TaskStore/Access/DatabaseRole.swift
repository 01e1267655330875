/// A role of the database: one for each service, and one for people.
package enum DatabaseRole: String, CaseIterable, Sendable {
    case planner, coder, validator, pusher, notifier
    case webhookBridge = "webhook_bridge"
    /// People: they read what the table `readers` gives them, and nothing else.
    case reader

    package static let services = allCases.filter { $0 != .reader }

    /// The role of a service, by the service's name without `automata-`.
    package init?(service: String) {
        guard let role = Self.services.first(where: { $0.rawValue == service.replacing("-", with: "_") }) else {
            return nil
        }
        self = role
    }

    /// Its name in Postgres, for example `automata_planner`.
    package var name: String { "automata_\(rawValue)" }

    /// The variable that `automata migrate` takes its password from, for example `AUTOMATA_PLANNER_PASSWORD`.
    package var passwordVariable: String { "\(name.uppercased())_PASSWORD" }
}
