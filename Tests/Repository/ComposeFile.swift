import Contracts
import TaskStore
import Yams

/// What docker-compose.yml makes of the table of services.
struct ComposeFile {
    private struct Block {
        let command: [String]
        let environment: [String: String]

        init(_ node: Any) {
            let node = node as? [String: Any] ?? [:]
            command = node["command"] as? [String] ?? []
            environment = (node["environment"] as? [String: Any] ?? [:]).mapValues { "\($0)" }
        }
    }

    private let blocks: [String: Block]

    init(_ text: String) throws {
        let file = try Yams.load(yaml: text) as? [String: Any]
        blocks = (file?["services"] as? [String: Any] ?? [:]).mapValues(Block.init)
    }

    /// What differs from the table, in words.
    var differences: [String] {
        strangers + passwords
            + ServiceKind.allCases.flatMap { service in
                guard let block = blocks[service.rawValue] else { return ["\(service.rawValue) has no block"] }
                let differences =
                    program(service, block) + settings(service, block) + keys(service, block) + logins(service, block)
                return differences.map { "\(service.rawValue) \($0)" }
            }
    }

    private var strangers: [String] {
        blocks.filter { $1.command.first?.hasPrefix("automata-") == true && ServiceKind(rawValue: $0) == nil }
            .map { "\($0.key) is no service" }
    }

    private func program(_ service: ServiceKind, _ block: Block) -> [String] {
        block.command == [service.executable] ? [] : ["runs \(block.command.joined(separator: " "))"]
    }

    /// A service is given what it reads; and all of that, which others are given too.
    private func settings(_ service: ServiceKind, _ block: Block) -> [String] {
        let names = service.settings.map(\.name)
        let given = Set(ServiceKind.allCases.flatMap { (blocks[$0.rawValue]?.environment ?? [:]).keys })
        let missing = given.intersection(names).subtracting(block.environment.keys).subtracting(Self.keys)
        return Set(block.environment.keys).subtracting(names).sorted().map { "does not read \($0)" }
            + missing.sorted().map { "is not given \($0)" }
    }

    private static let keys = Set((Setting.keys + ServiceKind.allCases.flatMap(\.row.keys)).map(\.name))

    private func keys(_ service: ServiceKind, _ block: Block) -> [String] {
        let (given, own) = (Self.keys.intersection(block.environment.keys), Set(service.row.keys.map(\.name)))
        return given.subtracting(own).sorted().map { "must not hold \($0)" }
            + own.subtracting(given).sorted().map { "lacks \($0)" }
    }

    private func logins(_ service: ServiceKind, _ block: Block) -> [String] {
        let role = DatabaseRole.service(service)
        let database = "postgresql://\(role.name):${\(role.passwordVariable):?"
        let user = BusUser.service(service)
        let bus = "nats://\(user.login):${\(user.passwordVariable):?"
        let given = { (setting: Setting) in block.environment[setting.name] ?? "" }
        let isOnBus = given(.natsURL).hasPrefix(bus) && given(.inboxPrefix) == user.inboxPrefix
        return (given(.databaseURL).hasPrefix(database) ? [] : ["is another at the database"])
            + (isOnBus ? [] : ["is another at the bus"])
    }

    /// The owner of the database makes a login for each service.
    private var passwords: [String] {
        let given = Set(blocks["migrate"]?.environment.keys.filter { $0.hasSuffix("_PASSWORD") } ?? [])
        let needed = Set(DatabaseRole.services.map(\.passwordVariable))
        return given.symmetricDifference(needed).sorted().map { "migrate and the services differ in \($0)" }
    }
}
