import Contracts
import Cryptography
import Foundations
import Testing

@testable import CommandLineTool

@Suite struct StackEnvironmentTests {
    private let environment = StackEnvironment([
        "PATH": "/usr/bin", "SECRET_OF_SOMEBODY": "x", "NATS_URL": "nats://elsewhere", "LEASE_SECONDS": "60",
        "STEP_TIMEOUT": "90", "NATS_SUBJECT_PREFIX": "mine", "ELIXIR_WEBHOOK_SECRET": "old", "OPENAI_API_KEY": "key",
        "SEALING_KEY": "no", "TASKS_FILE": "tasks.yaml",
    ])
    private let common = ["PATH": "/usr/bin", "LEASE_SECONDS": "60", "NATS_SUBJECT_PREFIX": "mine"]
    private let stages = ["STEP_TIMEOUT": "90", "REPOSITORY_ALLOW_LOCAL": "true", "REPOSITORY_ALLOW_PRIVATE": "true"]

    private static let secrets: [(ServiceKind, [String: String])] = [
        (.planner, ["OPENAI_API_KEY": "key"]), (.coder, ["OPENAI_API_KEY": "key"]), (.validator, [:]), (.pusher, [:]),
        (.notifier, [:]), (.webhookBridge, ["WEBHOOK_SECRET": "old"]),
        (.gateway, ["GATEWAY_PROJECT": "local/default"]),
    ]

    @Test(arguments: secrets)
    func `a service takes over what it reads, under the setting's own name, and nothing else`(
        _ service: ServiceKind, _ own: [String: String]
    ) throws {
        let expected = common.merging(service.row.kinds.isEmpty ? [:] : stages) { $1 }.merging(own) { $1 }
        #expect(try environment.variables(of: service) == expected)
    }

    @Test func `what is set goes before what a stack prefers`() throws {
        let strict = ["REPOSITORY_ALLOW_LOCAL": "false", "REPOSITORY_ALLOW_PRIVATE": "false"]
        #expect(try StackEnvironment(strict).variables(of: .planner) == strict)
    }

    @Test func `clients learn the prefix`() throws {
        #expect(try environment.clientSettings() == ["NATS_SUBJECT_PREFIX": "mine"])
        #expect(try StackEnvironment([:]).clientSettings().isEmpty)
    }

    /// What each gets is in the table; what none may get beyond it, here.
    @Test(arguments: ServiceKind.allCases)
    func `a service gets the keys of its row, and no coder one to credentials`(_ service: ServiceKind) throws {
        let keys = StackKeys(master: KeyRing.newMasterKey().reveal(), webhookSecret: "secret", webhookMaster: "master")
        let names = try keys.environment(of: service).keys
        #expect(Set(names) == Set(service.row.keys.map(\.name)))
        #expect(service != .coder || names.isEmpty)
    }
}
