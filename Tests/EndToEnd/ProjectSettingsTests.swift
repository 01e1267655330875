import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// What a repository says of itself in `.automata.yaml`.
@Suite(.timeLimit(.minutes(3))) struct ProjectSettingsTests {
    private static let settings = """
        validation:
          commands:
            - grep -q new app.txt
            - |
              set -e
              [[ -f app.txt ]] | cat

        """

    static let roles: [Role] = [
        .coder(
            "names-its-own",
            [
                .write(ProjectSettings.path, "validation:\n  commands: ['true']\n"), .write("app.txt", "old too\n"),
                .finish(),
            ]),
        .coder("obeys", seeing: "grep -q new app.txt", [.write("app.txt", "new\n"), .finish()]),
    ]

    private func run(
        _ model: String, _ settings: String = Self.settings, commands: [JSONValue] = []
    ) async throws -> EndedTask {
        let files = ["app.txt": "old\n", ProjectSettings.path: settings]
        var draft = TaskDraft(model, remote: try await GitRemote(files: files))
        draft.validation = ["commands": .array(commands), "max_repair_rounds": 0]
        return try await Platform.shared().run(draft)
    }

    @Test func `its commands are told to the model and validate the change`() async throws {
        let task = try await run("obeys")
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        #expect(task.result.validationResult?.commands.map(\.exitCode) == [0, 0])
        #expect(task.result.validationResult?.commands.first?.command == "grep -q new app.txt")
    }

    @Test func `those of the base hold, whatever the change makes of the file`() async throws {
        let task = try await run("names-its-own")
        #expect(task.result.status == .validationFailed)
        #expect(task.result.validationResult?.commands.first?.exitCode == 1)
    }

    @Test func `those of the request go before them`() async throws {
        let task = try await run("names-its-own", commands: ["true"])
        #expect(task.result.status == .completed)
        #expect(task.result.validationResult?.commands.map(\.command) == ["true"])
    }

    @Test(arguments: [
        ("validation:\n  command: make test\n", "validation.command: there is no such field"),
        ("validation:\n  setup: npm ci\n", "validation.setup: "),
        ("validation: &a\n", "line 1: "), ("tool_paths: [bin]\n", "tool_paths[0]: expected an absolute path"),
    ])
    func `a file that is not as it should be ends the task before a model is paid`(
        text: String, reason: String
    ) async throws {
        let task = try await run("obeys", text)
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains(".automata.yaml of the base branch: \(reason)") == true)
        #expect(task.result.artifacts.llmCalls == 0)
    }

    @Test func `a file with another ending is told of, for nobody would notice that it does nothing`() async throws {
        let remote = try await GitRemote(files: ["app.txt": "old\n", ".automata.yml": Self.settings])
        let task = try await Platform.shared().run(TaskDraft("obeys", remote: remote))
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("it is named .automata.yml there") == true)
    }

    @Test func `a folder of tools that commands do not see is told with what to set`() async throws {
        let task = try await run("obeys", "tool_paths: [/no/such/bin]\n", commands: ["true"])
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("SANDBOX_PATHS") == true)
    }

    /// Tools outside of the system's folders, in `name/bin` of a folder of the test.
    private func tools(_ names: [String], in folder: TemporaryFolder) throws {
        for name in names {
            let file = try folder.write("\(name)/bin/\(name)-tool", "#!/bin/sh\necho \(name)\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
    }

    @Test func `tools in a home are found where the operator shows them, and it is said why where not`() async throws {
        let folder = try TemporaryFolder("tools")
        try tools(["shown", "hidden"], in: folder)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let settings = PlatformSettings(
            roles: [.coder("notes", [.write("notes.txt", "seen\n"), .finish()]), .anyPlanner],
            environment: [
                "SANDBOX_PATHS": folder.path("shown"), "PATH": "\(folder.path("hidden/bin")):\(path)",
            ])
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(
                files: ["a": "1", ProjectSettings.path: "tool_paths: [\(folder.path("shown/bin"))]\n"])
            func run(_ command: String) async throws -> EndedTask {
                var draft = TaskDraft("notes", remote: remote)
                draft.validation = ["commands": [.string(command)], "max_repair_rounds": 0]
                return try await platform.run(draft)
            }
            let shown = try await run("shown-tool --version && [[ $PATH == */shown/bin:* ]]")
            #expect(shown.result.status == .completed, "\(shown.result.errorMessage ?? "")")
            let hidden = try await run("hidden-tool --version")
            #expect(hidden.result.status == .validationFailed)
            #expect(hidden.result.errorMessage?.contains("SANDBOX_PATHS") == true)
            #expect(hidden.result.errorMessage?.contains("/hidden/bin") == false)
        }
    }
}
