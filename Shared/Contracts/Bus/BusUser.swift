import Foundations

/// Who is on the bus. With ``permissions(_:)`` this is the table that nats-server's users are made from: nobody has a
/// right that is not in it.
package enum BusUser: Hashable, Sendable {
    /// The services.
    case service
    /// Who runs the platform: what a company's programs may do, for every company. In the services' account, and so told
    /// at once where no service runs; but nothing there keeps it from leading answers to any subject: it is trusted.
    case `operator`
    /// The programs of a company.
    case company(CompanyID)

    /// The login. No company's can be taken for one of ours: an id holds no dot.
    package var login: String {
        switch self {
        case .service: "automata.service"
        case .operator: "automata.operator"
        case .company(let id): id.text
        }
    }

    /// What the subjects for its answers begin with. Nobody else can read what is sent there.
    package var inboxPrefix: String {
        switch self {
        case .service: "_INBOX_SERVICE"
        case .operator: "_INBOX_OPERATOR"
        case .company(let id): "_INBOX.\(id)"
        }
    }

    /// The subjects that it may publish and subscribe to.
    package func permissions(_ subjects: SubjectScheme) -> BusPermissions {
        switch self {
        case .service: .service(self, subjects)
        case .operator: .client(self, subjects, of: nil)
        case .company(let id): .client(self, subjects, of: id)
        }
    }
}
