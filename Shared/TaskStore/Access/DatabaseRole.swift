import Contracts

/// A role of the database: one for each service, and one for people.
package enum DatabaseRole: Hashable, Sendable, CaseIterable {
    case service(ServiceKind)
    /// People: they read what the table `readers` gives them, and nothing else.
    case reader

    package static let services = ServiceKind.allCases.map(DatabaseRole.service)
    package static let allCases = services + [.reader]

    /// Its name in Postgres, for example `automata_planner`.
    package var name: String {
        switch self {
        case .service(let kind): kind.databaseRole
        case .reader: "automata_reader"
        }
    }

    /// The variable that `automata migrate` takes its password from, for example `AUTOMATA_PLANNER_PASSWORD`.
    package var passwordVariable: String { "\(name.uppercased())_PASSWORD" }
}
