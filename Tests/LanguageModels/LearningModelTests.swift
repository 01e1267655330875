import Foundation
import Foundations
import Synchronization
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

/// Field cases against servers that refuse by rule.
@Suite(.timeLimit(.minutes(1))) struct LearningModelTests {
    private typealias Rule = @Sendable (JSONValue) -> (status: Int, body: String)?

    private static let call = ToolCall(id: "call_1", name: "read_file", arguments: "{\"file_path\":\"a\"}")

    /// A conversation in its second turn, with a note at its end.
    private static func request(_ message: ChatMessage? = nil) -> ChatRequest {
        ChatRequest(
            model: "m",
            messages: [
                .system("s"), .user("task"), message ?? .assistant("\n\n", toolCalls: [call]),
                .tool("done", answering: message?.toolCalls.first?.id ?? call.id), .user("note"),
            ],
            tools: [
                ToolDefinition(
                    name: "read_file", description: "Reads.",
                    parameters: ["type": "object", "additionalProperties": false])
            ], temperature: 0.3, maxTokens: 100)
    }

    private static func error(_ message: String) -> String {
        (try? JSONValue.object(["error": ["message": .string(message)]]).text()) ?? ""
    }

    private func server(_ rules: [Rule]) async throws -> HTTPStub {
        try await HTTPStub { request in
            let body = try JSONValue(parsing: request.body)
            for rule in rules {
                if let (status, text) = rule(body) { return .text(text, status: status, type: "application/json") }
            }
            guard body["stream"] == true else { return try CompletionText.whole("Hi.") }
            return .chunks(try CompletionText.stream("Hi."))
        }
    }

    private func model(
        _ stub: HTTPStub, _ more: [String: String] = [:]
    ) throws -> any ChatModel {
        let values = ["OPENAI_BASE_URL": stub.url + "/v1", "MODEL_NAME": "m"].merging(more) { $1 }
        return try ModelSettings { values[$0] }.makeModel(client: HTTPClient(), clock: ImmediateClock())
    }

    private static func messages(_ body: JSONValue) -> [JSONValue] { body["messages"]?.arrayValue ?? [] }

    private static func refusesNull(_ body: JSONValue) -> (status: Int, body: String)? {
        messages(body).contains { $0["content"] == .some(.null) }
            ? (400, error("Invalid value for 'content': expected a string, got null.")) : nil
    }

    private static func refusesBlank(_ body: JSONValue) -> (status: Int, body: String)? {
        messages(body).contains { $0["content"]?.stringValue?.trimmed.isEmpty == true }
            ? (400, error("messages: text content blocks must be non-empty")) : nil
    }

    /// Every call succeeds, and the next one is made right at once.
    @Test func `a server that refuses nearly everything is answered in its way, once learnt for good`() async throws {
        let stub = try await server([
            { $0["stream_options"] == nil ? nil : (400, Self.error("property 'stream_options' is unsupported")) },
            { $0["temperature"] == nil ? nil : (422, Self.error("Unsupported value: 'temperature'")) },
            {
                $0["max_tokens"] == nil
                    ? nil : (400, Self.error("'max_tokens' is not supported. Use 'max_completion_tokens'"))
            },
            { body in
                let text = (try? body.text()) ?? ""
                return text.contains("additionalProperties")
                    ? (400, Self.error("Unknown name \"additionalProperties\" at 'tools[0]': Cannot find field.")) : nil
            },
            { Self.refusesNull($0) }, { Self.refusesBlank($0) },
            { body in
                let roles = Self.messages(body).compactMap { $0["role"]?.stringValue }
                return zip(roles, roles.dropFirst()).contains { $0 == "tool" && $1 == "user" }
                    ? (400, #"{"object":"error","message":"Unexpected role 'user' after role 'tool'","code":"3230"}"#)
                    : nil
            },
        ])
        let model = try model(stub)
        #expect(try await model.complete(Self.request()).message.content == "Hi.")
        let first = stub.requests.count
        #expect(first == 8)
        #expect(try await model.complete(Self.request()).message.content == "Hi.")
        #expect(stub.requests.count == first + 1)
    }

    @Test func `thinking goes back to the model that thought, and is made up for where it is missing`() async throws {
        let needs: Rule = { body in
            Self.messages(body).contains { $0["tool_calls"] != nil && $0["reasoning_content"] == nil }
                ? (
                    400,
                    Self.error(
                        "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2"
                    )
                )
                : nil
        }
        let stub = try await server([needs])
        let model = try model(stub)
        var message = ChatMessage.assistant(nil, toolCalls: [Self.call])
        (message.extras, message.origin) = (
            ["reasoning_content": "Hm."], ReplyOrigin.text(baseURL: stub.url + "/v1", model: "m")
        )
        _ = try await model.complete(Self.request(message))
        #expect(stub.requests.count == 1)
        _ = try await model.complete(Self.request())
        #expect(stub.requests.count == 3)
        let last = try JSONValue(parsing: try #require(stub.requests.elements.last).body)
        #expect(Self.messages(last)[2]["reasoning_content"] == "")
    }

    @Test func `a name that was made up is in no request`() async throws {
        let stub = try await server([
            { body in
                let calls = Self.messages(body).flatMap { $0["tool_calls"]?.arrayValue ?? [] }
                return calls.allSatisfy { WireNames.isTaken($0["function"]?["name"]?.stringValue ?? "") }
                    ? nil : (400, Self.error("Invalid 'messages[2].tool_calls[0].function.name'"))
            }
        ])
        for name in ["read_file<|channel|>commentary", "functions.read_file:0", "repo_browser.open_file"] {
            let call = ToolCall(id: "c", name: name, arguments: "{}")
            _ = try await model(stub).complete(Self.request(.assistant(nil, toolCalls: [call])))
        }
        #expect(stub.requests.count == 3)
    }

    @Test func `a reply that is cut is asked for again with room, and its cost counts`() async throws {
        let stub = try await HTTPStub { request in
            let room = try JSONValue(parsing: request.body)["max_tokens"]?.intValue
            let whole = room ?? 0 >= 16_384
            return .chunks([
                try CompletionText.call(0, id: "a", name: "write_file", whole ? "{\"c\":1}" : "{\"content\":\"abc"),
                try CompletionText.chunk([:], finish: whole ? "tool_calls" : "length"),
                try CompletionText.usage(10, 4096, cost: 0.5), CompletionText.done,
            ])
        }
        let model = try model(stub)
        var request = Self.request()
        request.maxTokens = nil
        let reply = try await model.complete(request)
        #expect(reply.message.toolCalls.map(\.arguments) == ["{\"c\":1}"])
        #expect(reply.usage == TokenUsage(promptTokens: 20, completionTokens: 8192))
        #expect(reply.costUSD == 1)
        #expect(stub.requests.count == 2)
        // The operator's own number is kept to, and the cut reply is told.
        let told = try await self.model(stub, ["MODEL_MAX_TOKENS": "2000"]).complete(request)
        #expect(told.isCut)
        let values = ["OPENAI_BASE_URL": stub.url + "/v1", "MODEL_NAME": "m", "MODEL_FILE": "f"]
        let settings = ModelSettings({ values[$0] }, read: { _ in #"{"m": {"extra": {"max_tokens": 2000}}}"# })
        let count = stub.requests.count
        let alike = try await settings.makeModel(client: HTTPClient(), clock: ImmediateClock()).complete(request)
        #expect(alike.isCut)
        #expect(stub.requests.count == count + 1)
    }

    @Test func `room that does not fit is given up`() async throws {
        let stub = try await HTTPStub { request in
            if try JSONValue(parsing: request.body)["max_tokens"] != nil {
                return .text(
                    Self.error("maximum context length is 8192 tokens. However, you requested 20000"), status: 400)
            }
            return .chunks([try CompletionText.chunk(["content": "Hi"], finish: "length"), CompletionText.done])
        }
        var request = Self.request()
        request.maxTokens = nil
        let reply = try await model(stub).complete(request)
        #expect(reply.isCut)
        #expect(stub.requests.count == 3)
    }

    @Test func `room for a reply that leaves too little for the conversation is given up last`() async throws {
        let stub = try await server([
            { body in
                guard let room = body["max_tokens"]?.intValue, room > 2000 else { return nil }
                let words =
                    "'max_tokens' is too large: \(room). This model's maximum context length is 8192 tokens "
                    + "and your request has 6000 input tokens"
                return (400, Self.error(words))
            }
        ])
        let model = try model(stub)
        var request = Self.request()
        request.maxTokens = 6000
        let error = await #expect(throws: ModelError.self) { try await model.complete(request) }
        #expect(error?.code == .contextTooLong)
        #expect(error?.contextTokens == 8192)
        request.isShortest = true
        #expect(try await model.complete(request).message.content == "Hi.")
        #expect(stub.requests.count == 4)
    }

    @Test(arguments: ["m does not support tools", "Provider returned error"])
    func `what a model refuses its fallback answers`(_ words: String) async throws {
        let stub = try await server([{ $0["model"] == "m" ? (400, Self.error(words)) : nil }])
        let reply = try await model(stub, ["MODEL_FALLBACKS": "second"]).complete(Self.request())
        #expect(reply.message.content == "Hi.")
        let alone = await #expect(throws: ModelError.self) { try await model(stub).complete(Self.request()) }
        #expect(alone?.message.contains(words) == true)
    }

    /// Passing trouble.
    @Test(arguments: [
        (400, #"{"error":{"message":"Failed to call a function.","code":"tool_use_failed"}}"#),
        (403, "<html><body>Access denied by firewall</body></html>"), (520, "<html>"), (529, "{}"), (409, ""),
        (425, ""),
    ])
    func `what passes is asked again`(_ status: Int, _ body: String) async throws {
        let count = Mutex(0)
        let stub = try await server([
            { _ in
                count.withLock {
                    $0 += 1
                    return $0
                } == 1 ? (status, body) : nil
            }
        ])
        #expect(try await model(stub).complete(Self.request()).message.content == "Hi.")
        #expect(stub.requests.count == 2)
    }

    @Test func `Ollama is asked for a window, and one that is smaller is found out`() async throws {
        let stub = try await HTTPStub { request in
            guard request.path != "/api/ps" else {
                return try .json(["models": [["name": "m:latest", "context_length": 4096]]])
            }
            return .chunks(try CompletionText.stream("Hi."))
        }
        let notices = Recorder<String>()
        let values = ["OLLAMA_BASE_URL": stub.url, "MODEL_NAME": "m", "MODEL_CONTEXT": "20000"]
        let model = try ModelSettings { values[$0] }
            .makeModel(client: HTTPClient(), clock: ImmediateClock()) { notices.record($0) }
        _ = try await model.complete(Self.request())
        let sent = try JSONValue(parsing: try #require(stub.requests.elements.first).body)
        #expect(sent["options"] == ["num_ctx": 20_000])
        #expect(notices.elements.contains { $0.contains("20000") })
        #expect(notices.elements.contains { $0.contains("4096") })
        var long = Self.request()
        long.messages.append(.user(String(repeating: "word ", count: 5000)))
        let error = await #expect(throws: ModelError.self) { try await model.complete(long) }
        #expect(error?.code == .contextTooLong)
        #expect(error?.contextTokens == 4096)
        // Tools are cut as messages are.
        var many = Self.request()
        many.tools[0].description = String(repeating: "word ", count: 5000)
        await #expect(throws: ModelError.self) { try await model.complete(many) }
        #expect(stub.requests.elements.count { $0.path == "/api/ps" } == 1)
    }

    @Test func `a price comes from the file, from the provider, from the list, or is not known`() async throws {
        let stub = try await HTTPStub { _ in try CompletionText.whole("Hi.") }
        func cost(_ more: [String: String], _ file: String? = nil) async throws -> Double? {
            var values = ["OPENAI_BASE_URL": stub.url, "MODEL_NAME": "m"].merging(more) { $1 }
            if file != nil { values["MODEL_FILE"] = "f" }
            let settings = ModelSettings({ values[$0] }, read: { _ in file })
            return try await settings.makeModel(client: HTTPClient()).complete(Self.request()).costUSD
        }
        #expect(try await cost([:]) == nil)
        #expect(try await cost(["MODEL_UNKNOWN_PRICE": "10000"]) == 0.05)
        #expect(try await cost([:], #"{"m": {"price": {"prompt": 1000000, "completion": 2000000}}}"#) == 7)
        #expect(try await cost(["MODEL_TYPE": "ollama", "OLLAMA_BASE_URL": stub.url]) == 0)
    }

    @Test func `a file says what holds for which model`() throws {
        let file = try ModelFile(
            parsing: #"""
                {"*": {"temperature": 0.1}, "qwen3-*": {"context": 40000, "extra": {"top_k": 5, "a": 1}},
                 "Qwen3-Coder": {"max_tokens": 9000, "extra": {"a": 2}}}
                """#)
        let tuning = file.tuning(of: "qwen3-coder")
        #expect(tuning.context == 40_000)
        #expect(tuning.maxTokens == 9000)
        #expect(tuning.temperature == 0.1)
        #expect(tuning.extra == ["top_k": 5, "a": 2])
        #expect(file.tuning(of: "other").context == nil)
        for wrong in [
            "", "[]", #"{"m": 1}"#, #"{"m": {"contxt": 1}}"#, #"{"m": {"price": 1}}"#, #"{"m": {"context": 1}}"#,
        ] {
            let error = #expect(throws: ModelSettingsError.self) { try ModelFile(parsing: wrong) }
            #expect(error?.variable == "MODEL_FILE")
        }
    }

    @Test(arguments: [
        ("MODEL_TIMEOUT", "soon"), ("MODEL_TIMEOUT", "600/5"), ("MODEL_TIMEOUT", "1/2/3"), ("MODEL_TIMEOUT", "0"),
        ("MODEL_CONTEXT", "many"), ("MODEL_CONTEXT", "5"), ("MODEL_MAX_TOKENS", "-1"), ("MODEL_TEMPERATURE", "3"),
        ("MODEL_UNKNOWN_PRICE", "free"), ("MODEL_FILE", "/nowhere"),
    ])
    func `a setting that cannot be read is named`(_ name: String, _ value: String) {
        let values = ["OPENAI_BASE_URL": "http://a", name: value]
        let error = #expect(throws: ModelSettingsError.self) { try ModelSettings { values[$0] }.resolve() }
        #expect(error?.variable == name)
    }

    @Test func `the limits of time are the operator's`() throws {
        #expect(try #require(ModelTimeout("900")).first == .seconds(900))
        #expect(try #require(ModelTimeout("3000")).whole == .seconds(3000))
        #expect(try #require(ModelTimeout("60/120")).whole == .seconds(120))
        #expect(ModelTimeout().first > .seconds(200))
        #expect(ModelTimeout().whole > .seconds(600))
    }

    /// A server that thinks for long before its first word.
    @Test func `a first word that comes late is waited for as long as the operator says`() async throws {
        let stub = try await HTTPStub { _ in
            .chunks(try CompletionText.stream("Hi.")).delayed(.milliseconds(1500))
        }
        let values = ["OPENAI_BASE_URL": stub.url, "MODEL_NAME": "m"]
        func ask(_ timeout: String) async throws -> String? {
            let settings = ModelSettings { values.merging(["MODEL_TIMEOUT": timeout]) { $1 }[$0] }
            let model = try settings.makeModel(client: HTTPClient(), policy: .init(attempts: 1))
            return try await model.complete(Self.request()).message.content
        }
        #expect(try await ask("30/60") == "Hi.")
        let error = await #expect(throws: ModelError.self) { try await ask("1/60") }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("MODEL_TIMEOUT") == true)
    }

    /// A model without tools is told of them, and writes its calls; where another answers, that one is asked.
    @Test func `a model that knows no tools is worked with in texts, where no other answers`() async throws {
        let stub = try await server([
            { $0["model"] == "m" && $0["tools"] != nil ? (400, Self.error("m does not support tools")) : nil },
            { $0["model"] == "gone" ? (404, Self.error("no such model")) : nil },
        ])
        let alone = try model(stub)
        _ = try await alone.complete(Self.request())
        _ = try await alone.complete(Self.request())
        let sent = try stub.requests.elements.map { try JSONValue(parsing: $0.body) }
        #expect(sent.map { $0["tools"] != nil } == [true, false, false])
        #expect(Self.messages(sent[1]).map { $0["role"]?.stringValue } == ["system", "user", "assistant", "user"])
        let asked = stub.requests.count
        let several = try model(stub, ["MODEL_FALLBACKS": "gone,second"])
        for _ in 0..<2 { _ = try await several.complete(Self.request()) }
        let names = try stub.requests.elements.dropFirst(asked).map { try JSONValue(parsing: $0.body)["model"] }
        #expect(names == ["m", "gone", "second", "gone", "second"])
        #expect(try await model(stub, ["MODEL_FALLBACKS": "gone"]).complete(Self.request()).message.content == "Hi.")
    }

    @Test func `GPT4All is asked for the model of the file that is named, with room`() async throws {
        let stub = try await server([])
        let values = ["GPT4ALL_BASE_URL": stub.url, "GPT4ALL_MODEL_PATH": "/models/Phi-3-mini.Q4_0.gguf"]
        let settings = ModelSettings { values[$0] }
        var request = Self.request()
        (request.model, request.maxTokens) = ("", nil)
        _ = try await settings.makeModel(client: HTTPClient()).complete(request)
        let sent = try #require(stub.requests.elements.first)
        #expect(sent.path == "/v1/chat/completions")
        let body = try JSONValue(parsing: sent.body)
        #expect(body["model"] == "Phi-3-mini.Q4_0.gguf")
        // Its server gives 16 tokens where none are asked for.
        #expect(body["max_tokens"] == 4096)
        let away = ModelSettings {
            ["MODEL_TYPE": "gpt4all", "MODEL_NAME": "m", "GPT4ALL_BASE_URL": "http://127.0.0.1:1"][$0]
        }
        let error = await #expect(throws: ModelError.self) {
            try await away.makeModel(client: HTTPClient(), policy: .init(attempts: 1)).complete(Self.request())
        }
        #expect(error?.message.contains("local API server") == true)
    }

    @Test func `a row can be named as the type`() throws {
        let groq = ModelSettings { ["MODEL_TYPE": "groq", "OPENAI_API_KEY": "k", "MODEL_NAME": "x"][$0] }
        let endpoint = try #require(try groq.resolve().first)
        #expect(endpoint.baseURL == "https://api.groq.com/openai/v1")
        #expect(endpoint.key?.reveal() == "k")
        let vllm = ModelSettings { ["MODEL_TYPE": "vllm", "MODEL_NAME": "x"][$0] }
        #expect(throws: ModelSettingsError.self) { try vllm.resolve() }
    }
}
