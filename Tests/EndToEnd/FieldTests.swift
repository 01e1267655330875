import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// What people reported of models and their servers: each case is a script in the folder `Field`, and goes through the
/// whole platform.
@Suite(.timeLimit(.minutes(3))) struct FieldTests {
    /// The scripts of the folder as one. Each is played for the models that its rules name, else for that of its file's
    /// name.
    static func script() throws -> Script {
        var whole = Script(roles: [])
        let files = Bundle.module.urls(forResourcesWithExtension: "yaml", subdirectory: "Field") ?? []
        for file in files.map({ $0 as URL }) {
            let script = try Script(file: file.path)
            let name = file.deletingPathExtension().lastPathComponent
            let named = Set(script.refusals.compactMap(\.model))
            for model in named.isEmpty ? [name] : named {
                whole.roles += script.roles.map { .coder(model, $0.turns) }
            }
            whole.refusals += script.refusals.map { rule in
                var rule = rule
                rule.model = rule.model ?? name
                return rule
            }
        }
        return whole
    }

    private static let models = [
        "blank-text", "calls-as-text", "cut-writes", "made-up-names", "meant-arguments", "odd-streams",
        "passing-trouble", "patterns-of-ripgrep", "rate-limited", "signatures-come-back", "strict-server",
        "thinking-comes-back", "user-after-tool",
    ]
    private static let tooLong = [
        "anthropic", "bedrock", "dashscope", "gemini", "moonshot", "openrouter", "poolside", "together", "xai", "zai",
        "zai-tokens",
    ].map { "too-long-for-\($0)" }

    @Test func `every script is played`() throws {
        let played = Set(try Self.script().roles.compactMap(\.when.model))
        #expect(played == Set(Self.models + Self.tooLong))
    }

    @Test(arguments: models + tooLong) func `a task goes through`(_ model: String) async throws {
        let turns = try #require(try Self.script().roles.first { $0.when.model == model }?.turns.count)
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        // So that the model is told as well that few turns are left, by a message right behind a result.
        draft.agent = ["max_iterations": .int(turns + 1)]
        let task = try await Platform.shared().run(draft)
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        let branch = try #require(task.result.branchName)
        #expect(try await remote.changedFiles(from: "main", to: branch) == ["app.txt"])
        #expect(try await remote.contents(of: "app.txt", at: branch) == "new\n")
        // Every call is understood, but for the one of a tool that there is not.
        let refused = task.details(.implementationStep).filter { $0["ok"] != true }
        #expect(refused.count == (model == "made-up-names" ? 1 : 0), "\(refused)")
    }
}
