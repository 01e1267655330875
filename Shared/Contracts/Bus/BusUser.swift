import Foundations

/// Who is on the bus. With ``permissions(_:)`` this is the table that nats-server's users are made from: nobody has a
/// right that is not in it.
package enum BusUser: Hashable, Sendable {
    /// The replicas of a service.
    case service(ServiceKind)
    /// Who runs the platform: what a company's programs may do, for every company. In the services' account, and so told
    /// at once where no service runs; but nothing there keeps it from leading answers to any subject: it is trusted.
    case `operator`
    /// The programs of a company.
    case company(CompanyID)

    /// Those of the platform itself, on every bus.
    package static let ofPlatform = ServiceKind.allCases.map(BusUser.service) + [.operator]

    /// The login. No company's can be taken for one of ours: an id holds no dot.
    package var login: String {
        switch self {
        case .service(let kind): "automata.\(kind.rawValue)"
        case .operator: "automata.operator"
        case .company(let id): id.text
        }
    }

    /// The variable of nats-server's environment that holds its password, for example `NATS_WEBHOOK_BRIDGE_PASSWORD`.
    package var passwordVariable: String {
        let name =
            switch self {
            case .service(let kind): kind.rawValue
            case .operator: "operator"
            case .company(let id): id.text
            }
        return "NATS_\(name.uppercased().replacing("-", with: "_"))_PASSWORD"
    }

    /// What the subjects for its answers begin with. Nobody else can read what is sent there.
    package var inboxPrefix: String {
        switch self {
        case .service(let kind): "_INBOX_\(kind.rawValue.uppercased().replacing("-", with: "_"))"
        case .operator: "_INBOX_OPERATOR"
        case .company(let id): "_INBOX.\(id)"
        }
    }

    /// The subjects that it may publish and subscribe to.
    package func permissions(_ subjects: SubjectScheme) -> BusPermissions {
        switch self {
        case .service(let kind): .service(kind, subjects)
        case .operator: .client(self, subjects, of: nil)
        case .company(let id): .client(self, subjects, of: id)
        }
    }
}
