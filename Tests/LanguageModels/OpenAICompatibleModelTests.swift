import Foundation
import Foundations
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

@Suite(.timeLimit(.minutes(1))) struct OpenAICompatibleModelTests {
    private let question = ChatRequest(
        model: "wanted-model", messages: [.system("Be brief."), .user("Hello?")],
        tools: [ToolDefinition(name: "look", description: "Looks.", parameters: ["type": "object"])],
        temperature: 0.5, maxTokens: 100)

    private func model(_ stub: HTTPStub, profile: ProviderProfile = .init()) -> OpenAICompatibleModel {
        OpenAICompatibleModel(
            baseURL: stub.url + "/v1", apiKey: Secret("sk-very-secret"), extraHeaders: [("X-Title", "Automata")],
            profile: profile, client: HTTPClient(), deadline: .seconds(10), idleTimeout: .seconds(2))
    }

    private func ask(_ reply: StubReply) async throws -> ChatReply {
        let stub = try await HTTPStub { _ in reply }
        return try await model(stub).complete(question)
    }

    private func failure(_ reply: StubReply) async throws -> ModelError {
        let stub = try await HTTPStub { _ in reply }
        return try #require(await #expect(throws: ModelError.self) { try await model(stub).complete(question) })
    }

    @Test func `the request is what providers expect`() async throws {
        let stub = try await HTTPStub { _ in try .chunks(CompletionText.stream("Hi.")) }
        _ = try await model(stub).complete(question)
        let sent = try #require(stub.requests.elements.first)
        #expect(sent.method == "POST")
        #expect(sent.path == "/v1/chat/completions")
        #expect(sent.headers["authorization"] == "Bearer sk-very-secret")
        #expect(sent.headers["content-type"] == "application/json")
        #expect(sent.headers["x-title"] == "Automata")
        #expect(
            try JSONValue(parsing: sent.body) == [
                "model": "wanted-model", "stream": true, "stream_options": ["include_usage": true],
                "temperature": 0.5, "max_tokens": 100,
                "messages": [
                    ["role": "system", "content": "Be brief."], ["role": "user", "content": "Hello?"],
                ],
                "tools": [
                    [
                        "type": "function",
                        "function": ["name": "look", "description": "Looks.", "parameters": ["type": "object"]],
                    ]
                ],
            ])
    }

    @Test func `a profile changes the names of fields`() async throws {
        let stub = try await HTTPStub { _ in try .chunks(CompletionText.stream("Hi.")) }
        var profile = ProviderProfile()
        (profile.limitField, profile.asksForCost) = ("max_completion_tokens", true)
        _ = try await model(stub, profile: profile).complete(question)
        let sent = try JSONValue(parsing: try #require(stub.requests.elements.first).body)
        #expect(sent["max_tokens"] == nil)
        #expect(sent["max_completion_tokens"] == 100)
        #expect(sent["usage"] == ["include": true])
    }

    @Test func `history is mended before it is sent`() async throws {
        let stub = try await HTTPStub { _ in try .chunks(CompletionText.stream("Hi.")) }
        var request = question
        request.messages += [
            .assistant(nil, toolCalls: [ToolCall(id: "a", name: "look", arguments: "{\"pa")]),
            .tool("error: broken JSON", answering: "a"),
            .assistant("and", toolCalls: [ToolCall(id: "b", name: "look", arguments: "{\"x\":1}")]),
            .tool("orphan", answering: "zzz"),
        ]
        _ = try await model(stub).complete(request)
        let sent = try JSONValue(parsing: try #require(stub.requests.elements.first).body)
        let messages = try #require(sent["messages"]?.arrayValue).dropFirst(2)
        func call(_ id: String, _ arguments: String) -> JSONValue {
            ["id": .string(id), "type": "function", "function": ["name": "look", "arguments": .string(arguments)]]
        }
        #expect(
            Array(messages) == [
                ["role": "assistant", "content": nil, "tool_calls": [call("a", "{}")]],
                ["role": "tool", "content": "error: broken JSON", "tool_call_id": "a"],
                ["role": "assistant", "content": "and", "tool_calls": [call("b", "{\"x\":1}")]],
                ["role": "tool", "content": .string(PairingCheck.lostResult), "tool_call_id": "b"],
            ])
    }

    @Test func `a streamed reply is put together`() async throws {
        let chunks = [
            ": OPENROUTER PROCESSING\n\n",
            try CompletionText.chunk(["role": "assistant", "content": "", "reasoning": "Hm"]),
            try CompletionText.chunk(["content": "Hel"]), try CompletionText.chunk(["content": "lo 🐟"]),
            try CompletionText.chunk([:], finish: "stop"), try CompletionText.usage(12, 7, cost: 0.00031),
            CompletionText.done,
        ]
        let stub = try await HTTPStub { _ in .chunks(chunks) }
        let reply = try await model(stub).complete(question)
        #expect(reply.message.content == "Hello 🐟")
        #expect(reply.message.extras == ["reasoning": "Hm"])
        #expect(reply.message.origin == ReplyOrigin.text(baseURL: stub.url + "/v1", model: "wanted-model"))
        #expect(reply.usage == TokenUsage(promptTokens: 12, completionTokens: 7))
        #expect(reply.costUSD == 0.00031)
        #expect(reply.finishReason == "stop")
        #expect(reply.model == "served-model")
    }

    @Test func `parallel tool calls are put together by their index`() async throws {
        let reply = try await ask(
            .chunks([
                try CompletionText.call(0, id: "a", name: "look", ""),
                try CompletionText.call(1, id: "b", name: "list", "{\"d"), try CompletionText.call(0, "{\"f\":"),
                try CompletionText.call(1, "\":2}"), try CompletionText.call(0, "1}"),
                try CompletionText.chunk([:], finish: "tool_calls"), CompletionText.done,
            ]))
        #expect(
            reply.message
                == .assistant(
                    nil,
                    toolCalls: [
                        ToolCall(id: "a", name: "look", arguments: "{\"f\":1}"),
                        ToolCall(id: "b", name: "list", arguments: "{\"d\":2}"),
                    ]))
        #expect(reply.costUSD == nil)
    }

    @Test func `odd tool calls are understood`() async throws {
        // All under index 0, the object instead of its text, no id, repeated ids, no arguments.
        let reply = try await ask(
            .chunks([
                try CompletionText.call(0, id: "a", name: "one", "{}"),
                try CompletionText.call(0, id: "b", name: "two", ""),
                try CompletionText.chunk([
                    "tool_calls": [["id": "c", "function": ["name": "three", "arguments": ["x": 1]]]]
                ]),
                try CompletionText.call(5, name: "four", "{}"), try CompletionText.call(6, id: "a", name: "five", "{}"),
                CompletionText.done,
            ]))
        #expect(reply.message.toolCalls.map(\.name) == ["one", "two", "three", "four", "five"])
        #expect(reply.message.toolCalls.map(\.arguments) == ["{}", "{}", "{\"x\":1}", "{}", "{}"])
        #expect(Set(reply.message.toolCalls.map(\.id)).count == 5)
        #expect(!reply.message.toolCalls.map(\.id).contains(""))
    }

    @Test(
        arguments: [
            ("{\"prompt_tokens\":9223372036854775807,\"completion_tokens\":-1,\"cost\":1e12}", 10_000_000, 1000.0),
            ("{\"prompt_tokens\":1e300,\"completion_tokens\":2.5,\"cost\":1e999}", 10_000_000, nil),
            ("{\"prompt_tokens\":\"x\",\"completion_tokens\":true,\"cost\":-3}", 0, nil), ("17", 0, nil),
            ("{\"prompt_tokens\":99999999999999999999999,\"cost\":[]}", 10_000_000, nil),
        ] as [(String, Int, Double?)])
    func `figures that cannot be cost no reply and are put right`(
        _ usage: String, _ tokens: Int, _ cost: Double?
    ) async throws {
        let text = try CompletionText.chunk(["content": "Hi."], finish: "stop")
        let figures = "data: {\"model\":5,\"choices\":[],\"usage\":\(usage)}\n\n"
        let reply = try await ask(.chunks([text, figures, CompletionText.done]))
        #expect(reply.message == .assistant("Hi."))
        #expect(reply.usage.promptTokens == tokens)
        #expect(reply.costUSD == cost)
        #expect((reply.remark != nil) == (tokens > 0))
    }

    @Test func `calls, their names and text without end are bounded`() async throws {
        let long = String(repeating: "n", count: 5000)
        let calls = try (0..<1500).map { try CompletionText.call($0, id: "\($0)", name: "look\(long)", "{}") }
        let text = try (0..<8).map { _ in
            try CompletionText.chunk(["content": .string("\u{E4}" + String(repeating: "e\u{301}", count: 100_000))])
        }
        let reply = try await ask(.chunks(calls + text + [CompletionText.done]))
        #expect(reply.message.toolCalls.map(\.id) == (0..<CallAssembly.maximumCalls).map(String.init))
        #expect(reply.message.toolCalls.allSatisfy { $0.name.utf8.count == 128 && $0.arguments == "{}" })
        #expect(try #require(reply.message.content).utf8.count <= CompletionAssembler.maximumContentBytes)
    }

    @Test func `a reply that is not streamed is accepted`() async throws {
        let reply = try await ask(try CompletionText.whole("Hi."))
        #expect(reply.message == .assistant("Hi."))
        #expect(reply.usage == TokenUsage(promptTokens: 3, completionTokens: 2))
    }

    @Test func `a cut stream is never passed off as whole`() async throws {
        let half = try CompletionText.call(0, id: "a", name: "look", "{\"f\":1}")
        for reply in [
            StubReply.cut(after: [half]), .chunks([half]), .stall(after: [half]), .chunks([half, "data: {\"ch"]),
        ] {
            let error = try await failure(reply)
            #expect([.incompleteReply, .unavailable].contains(error.code))
            #expect(error.isRetriable)
        }
    }

    @Test func `a stream that is cut after the last word is whole`() async throws {
        let text = try CompletionText.chunk(["content": "Hi."])
        #expect(try await ask(.chunks([text, CompletionText.done])).message.content == "Hi.")
        let end = try CompletionText.chunk([:], finish: "stop")
        #expect(try await ask(.cut(after: [text, end])).message.content == "Hi.")
    }

    @Test(arguments: [
        (401, ModelError.Code.unauthorized, false), (403, .unauthorized, false), (402, .quotaExhausted, false),
        (404, .notFound, false), (400, .badRequest, false), (422, .badRequest, false), (302, .misconfigured, false),
        (413, .contextTooLong, false), (408, .unavailable, true), (409, .unavailable, true), (425, .unavailable, true),
        (429, .rateLimited, true), (500, .unavailable, true), (502, .unavailable, true), (503, .unavailable, true),
        (504, .unavailable, true), (529, .unavailable, true),
    ])
    func `each status is an error of its kind`(_ status: Int, _ code: ModelError.Code, _ isRetriable: Bool) async throws
    {
        let error = try await failure(.text("{\"error\":{\"message\":\"No to sk-very-secret.\"}}", status: status))
        #expect(error.code == code)
        #expect(error.isRetriable == isRetriable)
        #expect(!error.message.contains("very-secret"))
        if status == 404 { #expect(error.message.contains("wanted-model")) }
        if status != 302 { #expect(error.message.contains("No to <redacted>.")) }
    }

    @Test(arguments: [
        (400, "{\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}", ModelError.Code.contextTooLong),
        (400, "{\"error\":{\"message\":\"maximum context length is 8192 tokens\"}}", .contextTooLong),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", .contextTooLong),
        (429, "{\"error\":{\"message\":\"x\",\"type\":\"insufficient_quota\"}}", .quotaExhausted),
        (500, "<html><body>\n\n<h1>Oops</h1>", .unavailable), (400, "", .badRequest),
        (401, "{\"error\":\"no\"}", .unauthorized),
    ])
    func `the provider's words sharpen the status`(_ status: Int, _ body: String, _ code: ModelError.Code) async throws
    {
        #expect(try await failure(.text(body, status: status)).code == code)
    }

    @Test func `Retry-After is read as seconds or as a date`() async throws {
        let error = try await failure(.text("", status: 429, headers: ["Retry-After": "17"]))
        #expect(error.retryAfter == .seconds(17))
        let past = try await failure(.text("", status: 503, headers: ["Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"]))
        #expect(past.retryAfter == .zero)
    }

    @Test(arguments: [
        "<html>Sign in to the wifi</html>", "", "null", "[]", "{}", "{\"choices\":[]}", "{\"choices\":{}}",
        "{\"choices\":[{\"delta\":7}]}",
        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}]}}]}",
        "{\"error\":{\"message\":\"something odd\"}}", "{\"error\":\"something odd\"}", "\u{0}\u{1}\u{7F}",
    ])
    func `nonsense with status 200 is a bad reply`(_ body: String) async throws {
        for reply in [
            StubReply.text(body, type: "application/json"), .chunks(["data: \(body)\n\n", CompletionText.done]),
        ] {
            let error = try await failure(reply)
            #expect(error.code == .badReply)
            #expect(error.isRetriable)
            #expect(error.message.count < 500)
        }
    }

    @Test func `an error inside a stream keeps its kind`() async throws {
        let start = try CompletionText.chunk(["content": "Hi"])
        func code(_ error: JSONValue) async throws -> ModelError.Code {
            try await failure(.chunks([start, try CompletionText.event(["error": error])])).code
        }
        #expect(try await code(["code": 429, "message": "slow down"]) == .rateLimited)
        #expect(try await code(["code": 502, "message": "upstream"]) == .unavailable)
        #expect(try await code(["type": "overloaded_error", "message": "busy"]) == .rateLimited)
        #expect(try await code(["code": "context_length_exceeded", "message": "long"]) == .contextTooLong)
        #expect(try await code(["message": "odd"]) == .badReply)
    }

    @Test func `a provider that is away, hangs or drops the connection is unavailable for now`() async throws {
        let away = OpenAICompatibleModel(
            baseURL: "http://127.0.0.1:\(try FreePort.next())/v1", apiKey: nil, client: HTTPClient())
        let refused = try #require(await #expect(throws: ModelError.self) { try await away.complete(question) })
        #expect(refused.code == .unavailable)
        #expect(refused.isRetriable)
        #expect(try await failure(.hang).code == .unavailable)
        #expect(try await failure(.drop).isRetriable)
    }

    @Test func `cancelling stops a call at once`() async throws {
        let stub = try await HTTPStub { _ in .hang }
        let task = Task { [question] in try await model(stub).complete(question) }
        try await stub.waitFor(1)
        task.cancel()
        let result = await task.result
        let error = #expect(throws: ModelError.self) { try result.get() }
        #expect(error?.code == .cancelled)
    }
}
