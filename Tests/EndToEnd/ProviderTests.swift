import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Whole tasks with OpenRouter, OpenAI, Ollama and GPT4All as `deploy/PROVIDERS.md` sets them, at stand-ins that answer in
/// the form of each. What they play is in the folder `Providers`.
@Suite(.timeLimit(.minutes(3))) struct ProviderTests {
    /// A stand-in, and what it testifies.
    private struct StandIn {
        let server: ScriptedModelServer
        let url: String
        let witness: String

        init(_ name: String, in folder: TemporaryFolder, key: Secret? = nil) async throws {
            let file = try #require(
                Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "Providers"))
            witness = folder.path("\(name).jsonl")
            var options = ScriptedModelServer.Options()
            options.requiredKey = key
            options.witness = try Witness(path: witness)
            server = ScriptedModelServer(script: try Script(file: file.path), options: options)
            url = try await server.start()
        }

        /// The requests so far, oldest first: when, and for which model.
        func asked() throws -> [(time: String, model: String)] {
            let lines = try String(contentsOfFile: witness, encoding: .utf8).split(separator: "\n")
            return try lines.compactMap { line -> (time: String, model: String)? in
                let facts = try JSONValue(parsing: String(line))
                guard let time = facts["time"]?.stringValue, let model = facts["model"]?.stringValue else { return nil }
                return (time, model)
            }
        }
    }

    private static let fallbacks = ["openai:gone", "ollama:not-pulled", "ollama:codellama:7b-instruct"]

    /// Runs `body` with the stand-ins of all four, and the settings that lead to them.
    private func withProviders(_ body: ([StandIn], [String: String]) async throws -> Void) async throws {
        let folder = try TemporaryFolder("providers")
        let key = Secret(Platform.modelKey)
        let openrouter = try await StandIn("openrouter", in: folder, key: key)
        let openai = try await StandIn("openai", in: folder, key: key)
        let (ollama, gpt4all) = (
            try await StandIn("ollama", in: folder), try await StandIn("gpt4all", in: folder)
        )
        let settings = [
            // The provider follows from the key.
            "MODEL_TYPE": "", "MODEL_NAME": "", "MODEL_FALLBACKS": Self.fallbacks.joined(separator: ","),
            "OPENROUTER_API_KEY": Platform.modelKey, "OPENROUTER_BASE_URL": openrouter.url,
            "OPENAI_BASE_URL": openai.url, "OLLAMA_BASE_URL": String(ollama.url.dropLast("/v1".count)),
            "GPT4ALL_BASE_URL": String(gpt4all.url.dropLast("/v1".count)),
        ]
        let standIns = [openrouter, openai, ollama, gpt4all]
        let result: Result<Void, any Error>
        do { result = .success(try await body(standIns, settings)) } catch { result = .failure(error) }
        for standIn in standIns { await standIn.server.stop() }
        try result.get()
    }

    private func run(_ model: String, on platform: Platform) async throws -> EndedTask {
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("provider", remote: remote)
        draft.agent = ["model": .string(model)]
        draft.validation = ["commands": Sample.commands]
        let task = try await platform.run(draft)
        #expect(task.result.status == .completed, "\(model): \(task.result.errorMessage ?? "")")
        if let branch = task.result.branchName {
            #expect(try await remote.changedFiles(from: "main", to: branch) == ["app.txt"])
        }
        return task
    }

    @Test func `a task goes through at each provider, and by the fallbacks in their order`() async throws {
        try await withProviders { standIns, settings in
            try await Platform.with(PlatformSettings(roles: [], environment: settings)) { platform in
                try await eachAnswers(platform)
                try await fallbacksAnswer(platform, standIns)
            }
        }
    }

    private func eachAnswers(_ platform: Platform) async throws {
        // Ollama's codellama and GPT4All know no tools: they are told of them, and write their calls.
        let costs = [
            "z-ai/glm-4.6:exacto": 0.003, "openai:gpt-5-mini": 0.001_050_75, "ollama:qwen3-coder": 0,
            "ollama:codellama:7b-instruct": 0, "gpt4all:Llama 3 8B Instruct": 0,
        ]
        for (model, cost) in costs {
            let task = try await run(model, on: platform)
            let artifacts = task.result.artifacts
            #expect(artifacts.llmCalls == 3, "\(model)")
            #expect(artifacts.promptTokens == 3003 && artifacts.completionTokens == 150, "\(model)")
            #expect(abs(artifacts.costUSD - cost) < 0.000_001, "\(model): \(artifacts.costUSD)")
            #expect(task.tools == ["write_file", "finish"], "\(model)")
        }
    }

    private func fallbacksAnswer(_ platform: Platform, _ standIns: [StandIn]) async throws {
        for model in ["out-of-credit", "openai:provider-error", "openai:always-too-long"] {
            let start = Timestamp.text(Date())
            _ = try await run(model, on: platform)
            let asked = try standIns.flatMap { try $0.asked() }.filter { $0.time >= start }.sorted { $0.time < $1.time }
            let name = String(model.split(separator: ":").last ?? "")
            var order: [String] = []
            for model in asked.map(\.model) where !order.contains(model) { order.append(model) }
            #expect(order == [name, "gone", "not-pulled", "codellama:7b-instruct"], "\(model)")
        }
    }

    private func doctor(_ settings: [String: String]) async throws -> (isGood: Bool, text: String) {
        let process = try await ServerProcess(
            [try Executables.path("automata"), "doctor", "--json"],
            environment: settings.merging(["PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://127.0.0.1:1/x"]) { $1 },
            cleanEnvironment: true)
        _ = try await process.waitForExit()
        let lines = process.output.elements
        let start = try #require(lines.firstIndex(of: "[")), end = try #require(lines.lastIndex(of: "]"))
        let findings = try JSONValue(parsing: lines[start...end].joined()).arrayValue ?? []
        let model = try #require(findings.first { $0["check"] == "model" })
        return (model["ok"] == true, model["text"]?.stringValue ?? "")
    }

    @Test func `whether each provider is there, takes the key and lists the model is told before any task`()
        async throws
    {
        try await withProviders { standIns, settings in
            let settings = settings.merging(["OPENAI_API_KEY": Platform.modelKey]) { $1 }
            let (isGood, text) = try await doctor(settings)
            #expect(isGood, "\(text)")
            #expect(
                text.split(separator: "; ") == [
                    "z-ai/glm-4.6:exacto at \(standIns[0].url)",
                    "gone at \(standIns[1].url), which does not list it",
                    "not-pulled at \(standIns[2].url), without a key, which does not list it",
                    "codellama:7b-instruct at \(standIns[2].url), without a key",
                ])
            let wrong = try await doctor(settings.merging(["OPENAI_API_KEY": "sk-other"]) { $1 })
            #expect(!wrong.isGood && wrong.text.contains("does not accept the key"), "\(wrong.text)")
            #expect(!wrong.text.contains("sk-other"))
        }
    }

    @Test(arguments: [
        ("OLLAMA_BASE_URL", "ollama:qwen3-coder", "does `ollama serve` run"),
        ("GPT4ALL_BASE_URL", "gpt4all:m", "is GPT4All's local API server enabled"),
    ])
    func `a server of one's own that is away is told with what to do`(
        _ setting: String, _ model: String, _ words: String
    ) async throws {
        let away = "http://127.0.0.1:\(try FreePort.next())"
        let found = try await doctor([setting: away, "MODEL_NAME": model])
        #expect(!found.isGood)
        #expect(found.text.contains(words) && found.text.contains(away), "\(found.text)")
    }
}
