import Testing

@testable import CommandLineTool

@Suite struct StackEnvironmentTests {
    private let environment = StackEnvironment([
        "PATH": "/usr/bin", "SECRET_OF_SOMEBODY": "x", "NATS_URL": "nats://elsewhere", "STEP_TIMEOUT": "60",
        "NATS_SUBJECT_PREFIX": "mine", "ELIXIR_WEBHOOK_SECRET": "old", "OPENAI_API_KEY": "key", "SEALING_KEY": "no",
    ])

    @Test func `a service takes over what is set, under the setting's own name, and nothing else`() throws {
        let shared = [
            "PATH": "/usr/bin", "STEP_TIMEOUT": "60", "NATS_SUBJECT_PREFIX": "mine", "REPOSITORY_ALLOW_LOCAL": "true",
            "REPOSITORY_ALLOW_PRIVATE": "true",
        ]
        #expect(try environment.variables(of: "pusher") == shared)
        #expect(try environment.variables(of: "webhook-bridge") == shared.merging(["WEBHOOK_SECRET": "old"]) { $1 })
        #expect(try environment.variables(of: "coder") == shared.merging(["OPENAI_API_KEY": "key"]) { $1 })
    }

    @Test func `what is set goes before what a stack prefers`() throws {
        let strict = ["REPOSITORY_ALLOW_LOCAL": "false", "REPOSITORY_ALLOW_PRIVATE": "false"]
        #expect(try StackEnvironment(strict).variables(of: "planner") == strict)
    }

    @Test func `clients learn the prefix`() throws {
        #expect(try environment.clientSettings() == ["NATS_SUBJECT_PREFIX": "mine"])
        #expect(try StackEnvironment([:]).clientSettings().isEmpty)
    }
}
