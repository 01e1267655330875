import Foundations
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

@Suite(.timeLimit(.minutes(1))) struct ModelSettingsTests {
    private func settings(_ values: [String: String]) -> ModelSettings { ModelSettings { values[$0] } }

    private func first(_ values: [String: String], model: String? = nil) throws -> String {
        let endpoint = try #require(try settings(values).resolve(model: model).first)
        return "\(endpoint.provider.rawValue) \(endpoint.baseURL) \(endpoint.model) \(endpoint.key?.reveal() ?? "-")"
    }

    @Test func `the provider follows from the key that is set`() throws {
        #expect(
            try first(["OPENROUTER_API_KEY": "k"]) == "openrouter https://openrouter.ai/api/v1 z-ai/glm-4.6:exacto k")
        #expect(try first(["OPENAI_API_KEY": "k"]) == "openai https://api.openai.com/v1 gpt-5-mini k")
        #expect(try first(["ANTHROPIC_API_KEY": "k"]) == "anthropic https://api.anthropic.com/v1 claude-sonnet-4-5 k")
        #expect(try first(["OLLAMA_BASE_URL": "http://gpu:11434/"]) == "ollama http://gpu:11434/v1 qwen3-coder -")
        #expect(try first(["OLLAMA_BASE_URL": "http://gpu/v1"]) == "ollama http://gpu/v1 qwen3-coder -")
        #expect(try first(["OPENAI_BASE_URL": "http://own/v1", "MODEL_NAME": "m"]) == "compatible http://own/v1 m -")
        #expect(try first(["OPENAI_BASE_URL": "http://own/v1"]) == "compatible http://own/v1 z-ai/glm-4.6:exacto -")
        #expect(
            try first(["OPENAI_BASE_URL": "http://own/v1/chat/completions/", "MODEL_NAME": "m"])
                == "compatible http://own/v1 m -")
        #expect(
            try first(["OPENAI_BASE_URL": "http://own/v1/", "OPENAI_API_KEY": "k", "MODEL_NAME": "m"])
                == "openai http://own/v1 m k")
        #expect(
            try first(["OPENAI_API_KEY": " k\n", "OPENAI_BASE_URL": "http://own/v1 "]).hasSuffix("own/v1 gpt-5-mini k"))
        #expect(try first(["OPENROUTER_API_KEY": "", "OPENAI_API_KEY": "k"]).hasPrefix("openai "))
    }

    @Test func `MODEL_TYPE decides before any key`() throws {
        let all = [
            "OPENROUTER_API_KEY": "a", "OPENAI_API_KEY": "b", "OPENAI_BASE_URL": "http://own/v1", "MODEL_NAME": "m",
        ]
        #expect(try first(all).hasPrefix("openrouter "))
        #expect(try first(all.merging(["MODEL_TYPE": "compatible"]) { $1 }) == "compatible http://own/v1 m b")
        #expect(try first(["MODEL_TYPE": "Ollama"]) == "ollama http://localhost:11434/v1 qwen3-coder -")
        #expect(try first(["MODEL_TYPE": "gpt4all", "MODEL_NAME": "m"]) == "gpt4all http://localhost:4891/v1 m -")
    }

    @Test func `a request's model goes before the configured one`() throws {
        let values = ["OPENROUTER_API_KEY": "a", "ANTHROPIC_API_KEY": "b", "MODEL_NAME": "m"]
        #expect(try first(values) == "openrouter https://openrouter.ai/api/v1 m a")
        #expect(try first(values, model: "x/y:exacto") == "openrouter https://openrouter.ai/api/v1 x/y:exacto a")
        #expect(try first(values, model: "") == "openrouter https://openrouter.ai/api/v1 m a")
        #expect(try first(values, model: "anthropic:c") == "anthropic https://api.anthropic.com/v1 c b")
        // Not set up here: the colon belongs to the name.
        #expect(try first(values, model: "ollama:c") == "openrouter https://openrouter.ai/api/v1 ollama:c a")
    }

    @Test func `a request's fallbacks stand in the place of the configured ones`() throws {
        let values = ["OPENROUTER_API_KEY": "a", "MODEL_NAME": "m", "MODEL_FALLBACKS": "n"]
        for (fallbacks, expected) in [(nil, ["m", "n"]), ([], ["m"]), (["o", "p"], ["m", "o", "p"])]
            as [([String]?, [String])]
        {
            #expect(try settings(values).resolve(fallbacks: fallbacks).map(\.model) == expected)
        }
    }

    @Test func `fallbacks follow in order, each once`() throws {
        let values = [
            "OPENROUTER_API_KEY": "a", "ANTHROPIC_API_KEY": "b", "MODEL_NAME": "m",
            "MODEL_FALLBACKS": "n, anthropic:c m,n",
        ]
        let endpoints = try settings(values).resolve()
        #expect(endpoints.map(\.model) == ["m", "n", "c"])
        #expect(endpoints.map(\.provider) == [.openrouter, .openrouter, .anthropic])
    }

    @Test(arguments: [
        ([:], "OPENROUTER_API_KEY"), (["MODEL_TYPE": "openai"], "OPENAI_API_KEY"),
        (["MODEL_TYPE": "anthropic"], "ANTHROPIC_API_KEY"), (["MODEL_TYPE": "magic"], "MODEL_TYPE"),
        (["MODEL_TYPE": "compatible", "MODEL_NAME": "m"], "OPENAI_BASE_URL"), (["MODEL_TYPE": "gpt4all"], "MODEL_NAME"),
        (["OPENAI_BASE_URL": "own:80/hunter2", "MODEL_NAME": "m"], "OPENAI_BASE_URL"),
        (["OLLAMA_BASE_URL": "http://a b"], "OLLAMA_BASE_URL"),
        (["OPENAI_BASE_URL": "https://own/v1?key=hunter2", "MODEL_NAME": "m"], "OPENAI_BASE_URL"),
    ])
    func `an error names the setting to mend, not its value`(_ values: [String: String], _ variable: String) throws {
        let error = try #require(#expect(throws: ModelSettingsError.self) { try settings(values).resolve() })
        #expect(error.variable == variable)
        #expect(error.description.hasPrefix(variable))
        #expect(!error.description.contains("hunter2"))
        #expect(throws: ModelSettingsError.self) { try settings(values).makeModel(client: HTTPClient()) }
    }

    @Test func `the configured model asks the request's model, then the fallbacks`() async throws {
        let stub = try await HTTPStub { request in
            let wanted = try JSONValue(parsing: request.body)["model"]?.stringValue
            return wanted == "spare" ? try CompletionText.whole("Hi.") : .text("no such model", status: 404)
        }
        let values = ["OPENAI_BASE_URL": stub.url, "MODEL_NAME": "m", "MODEL_FALLBACKS": "spare"]
        let model = try settings(values).makeModel(client: HTTPClient(), clock: ImmediateClock())
        let reply = try await model.complete(ChatRequest(model: "special", messages: [.user("Hello?")]))
        #expect(reply.message.content == "Hi.")
        let asked = try stub.requests.elements.map { try JSONValue(parsing: $0.body)["model"]?.stringValue }
        #expect(asked == ["special", "spare"])
    }

    @Test func `each call that a model did not answer is told, by the name that it was asked by`() async throws {
        let stub = try await HTTPStub { request in
            let wanted = try JSONValue(parsing: request.body)["model"]?.stringValue
            return wanted == "spare" ? try CompletionText.whole("Hi.") : .text("busy", status: 503)
        }
        let values = ["OPENAI_BASE_URL": stub.url, "MODEL_NAME": "m", "MODEL_FALLBACKS": "spare"]
        let failures = Recorder<ModelFailure>()
        let model = try settings(values).makeModel(
            client: HTTPClient(), policy: .init(attempts: 2), clock: ImmediateClock(),
            failed: { failures.record($0) })
        let reply = try await model.complete(ChatRequest(messages: [.user("Hello?")]))
        #expect((reply.asked ?? reply.model) == "spare")
        #expect(failures.elements.map(\.model) == ["m", "m"])
        #expect(failures.elements.allSatisfy { $0.error.code == .unavailable })
    }

    @Test func `a probe tells whether the provider is there and takes the key`() async throws {
        let client = HTTPClient()
        let stub = try await HTTPStub { request in
            guard request.headers["authorization"] == "Bearer k" else { return .text("no", status: 401) }
            return try .json(["data": [["id": "m"], ["id": "n:latest"], ["id": "models/g"]]])
        }
        func endpoint(_ key: String, _ model: String) -> ModelEndpoint {
            ModelEndpoint(provider: .openai, baseURL: stub.url, key: Secret(key), model: model)
        }
        for name in ["m", "n", "g"] {
            #expect(try await endpoint("k", name).probe(client: client) == ModelProbe(offersModel: true))
        }
        #expect(try await endpoint("k", "x").probe(client: client) == ModelProbe(offersModel: false))
        let error = await #expect(throws: ModelError.self) { try await endpoint("bad", "m").probe(client: client) }
        #expect(error?.code == .unauthorized)
        let away = ModelEndpoint(
            provider: .openai, baseURL: "http://127.0.0.1:\(try FreePort.next())", key: nil, model: "m")
        let refused = await #expect(throws: ModelError.self) { try await away.probe(client: client) }
        #expect(refused?.code == .unavailable)
    }

    @Test func `only models that are listed have a price`() {
        let million = TokenUsage(promptTokens: 1_000_000, completionTokens: 1_000_000)
        #expect(Pricing.cost(of: million, model: "claude-sonnet-4-5") == 18)
        #expect(Pricing.cost(of: million, model: "claude-sonnet-4-5-20250929") == 18)
        #expect(Pricing.cost(of: million, model: "gpt-5-mini-2025-08-07") == 2.25)
        #expect(Pricing.cost(of: million, model: "GPT-5") == 11.25)
        for name in ["", "gpt-5-pro", "gpt-5.9", "claude", "scripted"] {
            #expect(Pricing.cost(of: million, model: name) == nil)
        }
    }
}
