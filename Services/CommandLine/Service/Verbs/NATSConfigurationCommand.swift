import ArgumentParser
import Contracts
import Foundations
import ServiceKit

/// `automata nats-config`
struct NATSConfigurationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nats-config", abstract: "Prints the configuration of nats-server, with a user for each company.",
        discussion: """
            Each service has a user that can do what its work needs. A company's user submits, asks about and controls \
            the company's tasks, and reads their events; it can do nothing else, and nobody of another company can \
            read or write there. The first lines of the output say how each user logs in. Passwords come from the \
            environment of nats-server ($NATS_PLANNER_PASSWORD and so on for the services, $NATS_OPERATOR_PASSWORD, \
            $NATS_ACME_PASSWORD for the company acme), unless --new makes them: the output is then secret. \
            NATS_SUBJECT_PREFIX is taken from the settings.
            """)

    @OptionGroup var options: ClientOptions
    @Option(name: .long, help: "A company's id; may be repeated.") var company: [String] = []
    @Flag(name: .long, help: "Make new passwords and write them into the output.") var new = false
    @Option(name: .long, help: "The address to listen at (default: every address).") var host: String?
    @Option(name: .long, help: "The port to listen at.") var port: UInt16 = 4222
    @Option(name: .long, help: "The port of nats-server's own state, for health checks; 0 for none.")
    var monitoringPort: UInt16 = 8222
    @Option(name: .long, help: "The folder of the streams.") var store = "/data"

    func validate() throws {
        _ = try companies()
        let plain = (host ?? "") + store
        guard !plain.unicodeScalars.contains(where: { $0.value < 0x20 || "\"\\$".unicodeScalars.contains($0) }) else {
            throw ValidationError("--host and --store may not hold quotes, backslashes or dollar signs")
        }
    }

    func run() async throws {
        try await reporting {
            let source = try await options.source()
            var configuration = NATSConfiguration(
                subjects: try source.subjects(), host: host, port: Int(port),
                monitoringPort: monitoringPort == 0 ? nil : Int(monitoringPort), store: store,
                companies: try companies())
            if new {
                let passwords = configuration.users.map { ($0, NATSConfiguration.newPassword()) }
                configuration.passwords = .given(Dictionary(uniqueKeysWithValues: passwords))
            }
            let shared = configuration.sharedVariables
            guard new || shared.isEmpty else {
                throw Failure("\(shared.joined(separator: ", ")) would be of two users; use --new", Exit.settings)
            }
            Output.text(try configuration.text())
        }
    }

    private func companies() throws -> [CompanyID] {
        try Set(company).sorted().map { text in
            guard let id = CompanyID(text), !id.standsForAll else {
                throw ValidationError("--company: expected [A-Za-z0-9_-]{1,64}, and not - alone")
            }
            return id
        }
    }
}
