import Contracts
import Cryptography
import Foundations
import TaskStore

/// Who sends a request.
package enum Caller: Sendable, Hashable {
    case nobody
    /// A program of this host, where those need no token.
    case thisHost
    /// Who bears a token.
    case bearer(AccessGrant)
    /// A browser that signed in, with the secret of its session.
    case browser(AccessGrant, session: Secret)

    var grant: AccessGrant? {
        switch self {
        case .nobody, .thisHost: nil
        case .bearer(let grant), .browser(let grant, _): grant
        }
    }

    /// Whom actions are put down to.
    var name: String { grant?.name ?? (self == .thisHost ? "this-host" : "nobody") }

    /// The only company that is seen; `nil` for all of them.
    var company: CompanyID? { grant?.company }

    /// What the forms of a browser's pages hold.
    var formSecret: String? {
        guard case .browser(_, let session) = self else { return nil }
        return AccessToken.formSecret(of: session)
    }

    /// Whether it may see what is a company's. `nil` stands for the whole platform.
    func sees(_ other: CompanyID?) -> Bool { company == nil || company == other }
}
