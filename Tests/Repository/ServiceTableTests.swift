import Contracts
import Foundation
import Testing

/// What repeats the table of services because it cannot be made from it.
@Suite(.enabled(if: Checkout.files != nil, "needs a Git checkout and the git program"))
struct ServiceTableTests {
    @Test func `the README's table of settings holds every setting, its default and who reads it, and no other`() throws
    {
        let rows = try Checkout.text("README.md").matches(
            of: #/(?m)^\| `([A-Z0-9_]+)`((?:<br>`[A-Z0-9_]+`)*) \| (?:`([^`]*)`)? \| ([^|]+) \|/#
        ).map { [String($0.1), $0.2.filter { $0 != "`" }, $0.3.map(String.init) ?? "", String($0.4)] }
        let settings = Setting.all.map { setting in
            [setting.name, setting.aliases.map { "<br>\($0)" }.joined(), setting.fallback ?? "", readers(of: setting)]
        }
        #expect(Set(rows) == Set(settings))
        #expect(rows.count == settings.count)
    }

    private func readers(of setting: Setting) -> String {
        let readers = ServiceKind.allCases.filter { $0.settings.contains(setting) }
        switch readers {
        case ServiceKind.allCases: return "all"
        case ServiceKind.allCases.filter({ !$0.row.kinds.isEmpty }): return "stages"
        default: return readers.map(\.rawValue).joined(separator: ", ")
        }
    }

    @Test func `the README tells of every service, and Package.swift builds it`() throws {
        let executables = ServiceKind.allCases.map(\.executable)
        let told = try Checkout.text("README.md").matches(of: #/(?m)^\| `(automata-[a-z-]+)` \|/#).map { String($0.1) }
        let built = try Checkout.text("Package.swift").matches(
            of: #/ServiceTargets\(\s*"\w+", module: "\w+", executable: "([a-z-]+)"/#
        ).map { String($0.1) }
        #expect(told == executables)
        #expect(built == executables)
    }

    @Test(arguments: ServiceKind.allCases)
    func `the login of a service stands in SECURITY.md, and its containers are tested`(_ service: ServiceKind) throws {
        #expect(try Checkout.text("deploy/SECURITY.md").contains("`\(service.databaseRole)`"))
        #expect(try Checkout.text("Tests/Containers/compose.yml").contains("\n  \(service.rawValue):\n"))
    }

    @Test func `docker-compose.yml has a block for each service, with its settings, keys and logins`() throws {
        #expect(try ComposeFile(Checkout.text("docker-compose.yml")).differences == [])
    }

    private static let mistakes = [
        ("  notifier:\n    <<: *service", "  notified:\n    <<: *service", "notifier has no block"),
        ("  notifier:\n    <<: *service", "  notified:\n    <<: *service", "notified is no service"),
        ("[automata-coder]", "[automata-planner]", "coder runs automata-planner"),
        ("GIT_AUTHOR: $", "GIT_AUTOR: $", "planner does not read GIT_AUTOR"),
        ("CHAT_WEBHOOK_URL: $", "MODEL_NAME: x\n      CHAT_WEBHOOK_URL: $", "notifier does not read MODEL_NAME"),
        ("    <<: [*stage, *setup]", "    <<: [*setup]", "validator is not given WORKER_CONCURRENCY"),
        ("automata_coder:$", "automata_planner:$", "coder is another at the database"),
        ("{AUTOMATA_CODER_PASSWORD:?see deploy/env.example}@", "{X:-}@", "coder is another at the database"),
        ("nats://automata.pusher:", "nats://automata.operator:", "pusher is another at the bus"),
        ("_INBOX_WEBHOOK_BRIDGE", "_INBOX", "webhook-bridge is another at the bus"),
        ("      AUTOMATA_PUSHER_PASSWORD", "      PUSHER_PASSWORD", "in AUTOMATA_PUSHER_PASSWORD"),
    ]

    @Test(arguments: mistakes)
    func `a mistake in docker-compose.yml is found`(_ text: String, _ mistake: String, _ difference: String) throws {
        let file = try Checkout.text("docker-compose.yml")
        #expect(file.contains(text))
        let differences = try ComposeFile(file.replacingOccurrences(of: text, with: mistake)).differences
        #expect(differences.contains { $0.hasSuffix(difference) }, "\(differences)")
    }

    @Test(arguments: ServiceKind.allCases)
    func `a key that docker-compose.yml gives to the wrong service is found`(_ service: ServiceKind) throws {
        let file = try Checkout.text("docker-compose.yml")
        let place = "postgresql://\(service.databaseRole):"
        for key in Setting.keys where !service.row.keys.contains(key) {
            let wrong = file.replacingOccurrences(
                of: "DATABASE_URL: \(place)", with: "\(key.name): x\n      DATABASE_URL: \(place)")
            let differences = try ComposeFile(wrong).differences
            #expect(differences.contains("\(service.rawValue) must not hold \(key.name)"), "\(differences)")
        }
        for key in service.row.keys {
            let wrong = file.replacingOccurrences(of: "      \(key.name): $", with: "      X_\(key.name): $")
            #expect(try ComposeFile(wrong).differences.contains("\(service.rawValue) lacks \(key.name)"))
        }
    }

    @Test func `env.example holds what docker-compose.yml asks for`() throws {
        let used = try Checkout.text("docker-compose.yml").matches(of: #/\$\{([A-Z0-9_]+):([?-])/#)
        let given = try Checkout.text("deploy/env.example").matches(of: #/(?m)^([A-Z0-9_]+)=/#).map { String($0.1) }
        #expect(Set(given).isSubset(of: used.map { String($0.1) }))
        #expect(Set(used.filter { $0.2 == "?" }.map { String($0.1) }).isSubset(of: given))
    }
}
