import Contracts
import Foundations

/// The configuration file of a nats-server: who may log in, and what each may do.
///
/// A company is an account of its own. Into it lead the company's events, out of it its requests, and nothing else. So
/// what a client gives as the subject of an answer is one of its own account: with all in one account, the server's
/// own confirmation of a submission could be led to another company's subjects, or to one that purges the stream.
struct NATSConfiguration {
    /// Where a user's password comes from.
    enum Passwords {
        /// From variables of the server's environment, see ``BusUser/passwordVariable``.
        case environment
        /// They stand in the file.
        case given([BusUser: Secret])
    }

    var subjects = SubjectScheme()
    /// The address to listen at; `nil` for every address.
    var host: String?
    var port = 4222
    /// The port of the server's own state, for health checks; `nil` for none.
    var monitoringPort: Int?
    /// The folder of the streams.
    var store = "/data"
    var companies: [CompanyID] = []
    var passwords = Passwords.environment

    var users: [BusUser] { BusUser.ofPlatform + companies.map(BusUser.company) }

    /// A password: 48 random digits from the system, which need no quotes anywhere.
    static func newPassword() -> Secret {
        Secret((0..<24).map { _ in String(UInt8.random(in: 16...255), radix: 16) }.joined())
    }

    /// The variables that cannot tell two users apart.
    var sharedVariables: [String] {
        Dictionary(grouping: users, by: \.passwordVariable).filter { $0.value.count > 1 }.map(\.key).sorted()
    }

    /// The URL by which a user logs in.
    func url(of user: BusUser) throws -> String {
        "nats://\(user.login):\(try password(of: user))@\(host ?? "HOST"):\(port)"
    }

    /// The password, or what stands for it: letters and digits alone, because it is part of a file and of URLs.
    func password(of user: BusUser) throws -> String {
        guard case .given(let passwords) = passwords else { return "$\(user.passwordVariable)" }
        guard let password = passwords[user]?.reveal(), TaskID.accepts(password) else {
            throw Failure("\(user.login) has no password of [A-Za-z0-9_-]{1,64}", Exit.settings)
        }
        return password
    }

    /// The text of the file.
    func text() throws -> String {
        let logins = try users.map { "#   NATS_URL=\(try url(of: $0)) NATS_INBOX_PREFIX=\($0.inboxPrefix)" }
        let accounts = try platformAccount() + companies.flatMap(companyAccount)
        return (Self.heading + logins + [""] + server + ["", "accounts {"] + accounts + ["}", ""])
            .joined(separator: "\n")
    }

    private static let heading = [
        "# nats-server for Automata, 2.9 or later. Made by `automata nats-config`: make it anew instead of editing it.",
        "# Each service, operators, and each company's programs log in with:",
    ]

    private var server: [String] {
        (host.map { ["host: \"\($0)\""] } ?? []) + ["port: \(port)"]
            + (monitoringPort.map { ["# Status for health checks: do not publish it.", "http: \($0)"] } ?? []) + [
                "max_payload: 1MB", "# A dead peer is noticed after 20 seconds, not after minutes.",
                "ping_interval: \"10s\"", "ping_max: 2", "", "jetstream {", "    store_dir: \"\(store)\"",
                "    # From 2.10 on, `sync_interval: always` makes every stored message survive a power failure. Without",
                "    # it, the last may be lost; Automata's record is Postgres, and the notifier publishes them again.",
                "}",
            ]
    }
}
