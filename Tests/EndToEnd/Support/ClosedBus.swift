import Contracts
import Foundation
import PlatformSupport
import TestSupport

/// A nats-server with the users that `automata nats-config` makes.
struct ClosedBus: Sendable {
    let server: NATSServer
    /// By the name of the user.
    let logins: [String: BusLogin]

    static func start(companies: [String]) async throws -> ClosedBus {
        let tool = try Executables.path("automata")
        var file = ""
        let server = try await NATSServer.start { port, store in
            file = try await Program.run(
                [tool, "nats-config", "--new", "--host", "127.0.0.1", "--port", "\(port)", "--store", store]
                    + ["--monitoring-port", "0"] + companies.flatMap { ["--company", $0] })
            return BusWitness.added(to: file)
        }
        let logins = file.matches(of: #/NATS_URL=(nats://([^:]+):\S+) NATS_INBOX_PREFIX=(\S+)/#).map { match in
            (String(match.2), BusLogin(url: String(match.1), inboxPrefix: String(match.3)))
        }
        return ClosedBus(server: server, logins: Dictionary(uniqueKeysWithValues: logins))
    }

    /// A login that sees everything.
    var witness: BusLogin {
        BusLogin(url: BusWitness.url(port: server.port), inboxPrefix: BusWitness.inboxPrefix)
    }

    func login(_ user: String) throws -> BusLogin {
        guard let login = logins[user] else { throw NoSuchUser(name: user) }
        return login
    }

    /// The login of each service.
    func serviceLogins() throws -> [ServiceKind: BusLogin] {
        try Dictionary(
            uniqueKeysWithValues: ServiceKind.allCases.map { ($0, try login(BusUser.service($0).login)) })
    }

    struct NoSuchUser: Error { let name: String }
}
