import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Packages for commands that have no network.
@Suite(.timeLimit(.minutes(5))) struct SetupTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("index") }

    // MARK: Any package

    private static let check =
        "cat packages/greet.sh && . packages/greet.sh && [ \"$GREETING\" = hello ] && cat app.txt"

    private static let roles: [Role] = [
        .coder("uses", [.shell("sh check.sh > seen.txt"), .write("app.txt", "new\n"), .finish()]),
        .coder(
            "attacks",
            [
                .shell("echo GREETING=evil > packages/greet.sh"), .shell("rm -rf packages; mv packages x; ls x"),
                .write("packages/greet.sh", "GREETING=evil\n"), .write("app.txt", "new\n"), .finish(),
            ]),
        .anyPlanner,
    ]

    /// Serves the files of the folder, and what else `reply` says.
    private func server() async throws -> HTTPStub {
        try await HTTPStub { [folder] request in
            guard let data = try? Data(contentsOf: URL(fileURLWithPath: folder.path(String(request.path.dropFirst()))))
            else { return .status(404) }
            return StubReply(headers: ["Content-Type": "application/octet-stream"], body: .data(data))
        }
    }

    private func settings(_ roles: [Role], _ server: HTTPStub) -> PlatformSettings {
        PlatformSettings(
            roles: roles,
            environment: [
                "SETUP_COMPANIES": "acme", "SETUP_HOSTS": "127.0.0.1:\(server.port),*.example.com",
                "REPOSITORY_ALLOW_PRIVATE": "true", "MAX_RETRIES": "0",
            ])
    }

    private func draft(_ model: String, setup: [String], fetch: [String] = []) async throws -> TaskDraft {
        let files = ["app.txt": "old\n", "check.sh": Self.check, ".gitignore": "seen.txt\n"]
        var draft = TaskDraft(model, remote: try await GitRemote(files: files))
        draft.validation = [
            "commands": ["sh check.sh"], "max_repair_rounds": 0, "setup": .array(setup.map { .string($0) }),
            "fetch": .array(fetch.map { .string($0) }),
        ]
        return draft
    }

    @Test func `tests find what was installed for them, once for all tasks, and no task changes it`() async throws {
        try folder.write("greet.sh", "GREETING=hello\n")
        let server = try await server()
        let install = ["mkdir packages", "curl -sSf \(server.url)/greet.sh > packages/greet.sh"]
        try await Platform.with(settings(Self.roles, server)) { platform in
            let without = try await platform.run(try await draft("uses", setup: []))
            #expect(without.result.status == .validationFailed)

            var first = try await draft("uses", setup: install)
            let with = try await platform.run(first)
            #expect(with.result.status == .completed, "\(with.result.errorMessage ?? "")")
            #expect(with.result.validationResult?.commands.first?.output == "GREETING=hello\nnew\n")
            #expect(with.details(.implementationStep).first?["ok"] == true)
            // Coder and validator have homes of their own.
            #expect(server.requests.elements.count == 2)

            await server.stop()
            for model in ["uses", "attacks"] {
                first.id = "\(model)-again"
                first.model = model
                let again = try await platform.run(first)
                #expect(again.result.status == .completed, "\(again.result.errorMessage ?? "")")
                #expect(again.result.validationResult?.commands.first?.output == "GREETING=hello\nnew\n")
            }
        }
    }

    @Test func `what is not allowed is refused by name, at the door or by the proxy`() async throws {
        let server = try await server()
        let port = try FreePort.next()
        try await Platform.with(settings(Self.roles, server)) { platform in
            let install = ["curl -sSf http://127.0.0.1:\(port)/greet.sh"]
            var other = try await draft("uses", setup: install)
            other.company = "other"
            let company = try await platform.request(other, .submit, other.json.data()).refusal()
            #expect(company.message.contains("validation.setup") && company.message.contains("SETUP_COMPANIES"))
            let foreign = try await draft("uses", setup: install, fetch: ["pypi.org"])
            let host = try await platform.request(foreign, .submit, foreign.json.data()).refusal()
            #expect(host.message == "validation.fetch: pypi.org is not in SETUP_HOSTS")

            let reaching = try await platform.run(try await draft("uses", setup: install))
            #expect(reaching.result.status == .validationFailed)
            #expect(reaching.result.errorMessage?.contains("127.0.0.1:\(port) is not in SETUP_HOSTS") == true)
            #expect(reaching.result.artifacts.llmCalls == 1, "the plan alone")
            // Past the proxy there is nothing.
            let past = try await platform.run(
                try await draft("uses", setup: ["curl --noproxy '*' -sSf \(server.url)/greet.sh"]))
            #expect(past.result.status == .validationFailed)
            #expect(server.requests.elements.isEmpty)
        }
    }

    // MARK: npm

    private static let hasNode = FileManager.default.isExecutableFile(atPath: "/usr/bin/npm")

    private func lock(_ version: String, _ server: HTTPStub) -> String {
        """
        {"name": "shop", "lockfileVersion": 3, "requires": true, "packages": {
          "": {"name": "shop", "dependencies": {"greet": "\(version)"}},
          "node_modules/greet": {"version": "\(version)", "hasInstallScript": true,
            "resolved": "\(server.url)/greet-\(version).tgz"}}}
        """
    }

    private func manifest(_ version: String) -> String {
        "{\"name\": \"shop\", \"dependencies\": {\"greet\": \"\(version)\"}}"
    }

    /// A package that leaves a file where its script runs.
    private func pack(_ version: String) async throws {
        try folder.write(
            "\(version)/package/package.json",
            "{\"name\": \"greet\", \"version\": \"\(version)\", \"scripts\": {\"postinstall\": \"touch ran\"}}")
        try folder.write(
            "\(version)/package/index.js",
            "module.exports = '\(version) ' + require('fs').existsSync(__dirname + '/ran')\n")
        _ = try await Program.run([
            "/bin/tar", "-C", folder.path(version), "-czf", folder.path("greet-\(version).tgz"), "package",
        ])
    }

    @Test(.enabled(if: hasNode, "needs npm"))
    func `a lock file that the change touches is installed without scripts`() async throws {
        for version in ["1.0.0", "2.0.0"] { try await pack(version) }
        let server = try await server()
        let roles: [Role] = [
            .coder("stays", [.write("app.txt", "new\n"), .finish()]),
            .coder(
                "moves",
                [
                    .write("package.json", manifest("2.0.0")), .write("package-lock.json", lock("2.0.0", server)),
                    .finish(),
                ]),
            .coder("adds-code", [.write("Gemfile.lock", "x\n"), .finish()]),
            .anyPlanner,
        ]
        let yaml = "validation:\n  commands: [node check.js]\n  setup:\n    - npm ci\n"
        try await Platform.with(settings(roles, server)) { platform in
            let remote = try await GitRemote(files: [
                "app.txt": "old\n", "package.json": manifest("1.0.0"), "package-lock.json": lock("1.0.0", server),
                "check.js": "console.log(require('greet'))\n", ".gitignore": "node_modules\n",
                ProjectSettings.path: yaml,
            ])
            func output(_ model: String) async throws -> String? {
                var draft = TaskDraft(model, remote: remote)
                draft.validation = ["max_repair_rounds": 0]
                let task = try await platform.run(draft)
                #expect(
                    task.result.status == (model == "adds-code" ? .validationFailed : .completed),
                    "\(task.result.errorMessage ?? "")")
                return task.result.validationResult?.commands.first?.output ?? task.result.errorMessage
            }
            #expect(try await output("stays") == "1.0.0 true\n")
            #expect(try await output("moves") == "2.0.0 false\n")
            #expect(try await output("stays") == "1.0.0 true\n")
            #expect(try await output("adds-code")?.contains("The change touches Gemfile.lock") == true)
        }
    }
}
