import Contracts
import Foundations
import TaskStore

/// What a route asks of a caller.
package enum AccessRule: Sendable, Hashable {
    /// Nothing: it shows what anybody may know.
    case anybody
    /// A role, or a higher one.
    case role(AccessRole)
    /// A role; where programs of this host need no token, they may as well.
    case roleOrThisHost(AccessRole)

    /// Throws a ``Problem`` where the caller may not.
    ///
    /// - Parameter company: The one that the path names, if it does.
    func check(_ caller: Caller, company: CompanyID?) throws(Problem) {
        guard let least else { return }
        if caller == .thisHost {
            guard least == .viewer || isForThisHost else { throw .unauthenticated }
            return
        }
        guard let grant = caller.grant else { throw .unauthenticated }
        guard grant.role >= least else {
            throw .forbidden("this needs the role \(least.rawValue), and the token has \(grant.role.rawValue)")
        }
        if let company, !caller.sees(company) { throw .forbidden("the token is of another company") }
    }

    private var least: AccessRole? {
        switch self {
        case .anybody: nil
        case .role(let role), .roleOrThisHost(let role): role
        }
    }

    private var isForThisHost: Bool { if case .roleOrThisHost = self { true } else { false } }

    /// The least role that it asks for, in words.
    package var name: String { least?.rawValue ?? "anybody" }
}
