/// A user of the bus that may do everything in the services' account, for tests that have to see what nobody may.
package enum BusWitness {
    /// The login, which is its password too.
    package static let login = "witness"
    /// What the subjects for its answers begin with: where services may answer.
    package static let inboxPrefix = "_INBOX_OPERATOR.witness"

    /// The file of `automata nats-config` with the witness among its users.
    package static func added(to configuration: String) -> String {
        let users = "        users: [\n"
        return configuration.replacing(
            users, with: "\(users)            {user: \"\(login)\", password: \"\(login)\"}\n", maxReplacements: 1)
    }

    /// Where it logs in.
    package static func url(port: Int) -> String { "nats://\(login):\(login)@127.0.0.1:\(port)" }
}
