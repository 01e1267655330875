import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

/// What people reported of providers: each case is a script of the scripted model, in the folder `Field`.
@Suite(.timeLimit(.minutes(1))) struct FieldCaseTests {
    private func model(playing name: String) async throws -> (OpenAICompatibleModel, ScriptedModelServer) {
        let file = try #require(Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "Field"))
        let server = ScriptedModelServer(script: try Script(file: file.path))
        return (OpenAICompatibleModel(baseURL: try await server.start(), apiKey: nil, client: HTTPClient()), server)
    }

    private static let question = ChatRequest(
        model: "wanted-model", messages: [.user("Hello?")],
        tools: ["look", "list"].map { ToolDefinition(name: $0, description: "", parameters: ["type": "object"]) })

    private func ask(_ name: String) async throws -> ChatReply {
        let (model, server) = try await model(playing: name)
        let reply = try await model.complete(Self.question)
        await server.stop()
        return reply
    }

    @Test(arguments: [
        "keep-alives-without-JSON", "single-line-breaks", "carriage-returns", "an-event-stream-called-text",
        "an-event-stream-called-JSON", "an-event-stream-called-nothing", "no-space-and-no-end-mark",
        "chunks-a-line-each", "a-whole-reply-called-a-stream", "a-whole-reply-in-one-event",
        "a-whole-reply-on-many-lines", "the-whole-message-again-at-the-end", "usage-of-another-kind",
    ]) func `a reply of any form is read`(_ name: String) async throws {
        let reply = try await ask(name)
        #expect(reply.message == .assistant("Hello"))
        #expect(reply.finishReason == "stop")
    }

    @Test func `a character that was cut in two is whole`() async throws {
        #expect(try await ask("a-character-cut-in-two").message.content == "Hel😀lo 🐈")
    }

    @Test func `figures of another kind are read`() async throws {
        let reply = try await ask("usage-of-another-kind")
        #expect(reply.usage == TokenUsage(promptTokens: 100, completionTokens: 7))
        #expect(reply.costUSD == 0.0045)
    }

    @Test(arguments: [
        "calls-all-numbered-0-with-empty-ids", "calls-all-numbered-0-without-ids", "calls-without-numbers-and-ids",
        "calls-without-numbers-with-empty-ids", "calls-in-pieces-all-numbered-0",
    ]) func `two calls are two, whatever tells them apart`(_ name: String) async throws {
        let calls = try await ask(name).message.toolCalls
        #expect(calls.map(\.name) == ["look", "list"])
        #expect(calls.map(\.arguments) == ["{\"f\":1}", "{\"f\":2}"])
        #expect(Set(calls.map(\.id)).count == 2)
    }

    @Test(arguments: [
        "a-new-id-in-each-piece", "an-id-that-comes-late", "a-name-in-two-pieces", "a-name-in-each-piece",
    ])
    func `one call is one, whatever its pieces say`(_ name: String) async throws {
        let calls = try await ask(name).message.toolCalls
        #expect(calls == [ToolCall(id: "a", name: "look", arguments: "{\"f\":1}")])
    }

    @Test(arguments: [
        "thinking-comes-back", "signature-of-a-call-comes-back", "details-of-thinking-come-back",
        "thinking-in-parts-comes-back",
    ]) func `what a provider sent beside the words goes back to it`(_ name: String) async throws {
        let (model, server) = try await model(playing: name)
        var request = Self.question
        let first = try await model.complete(request)
        // As it comes out of a journal.
        let kept = try JSON.decode(ChatMessage.self, from: JSON.encode(first.message))
        request.messages += [kept, .tool("A file.", answering: "a")]
        #expect(try await model.complete(request).message.content == "Done.")
        await server.stop()
    }

    @Test(arguments: [
        "an-error-called-a-stream", "an-error-event-of-vLLM", "an-error-of-code-and-message", "an-error-in-a-list",
        "an-error-as-text",
    ]) func `an error of any shape is told in the provider's words`(_ name: String) async throws {
        let (model, server) = try await model(playing: name)
        let error = await #expect(throws: ModelError.self) { try await model.complete(Self.question) }
        #expect(error?.message.contains("The upstream is tired") == true)
        if name != "an-error-as-text" { #expect(error?.code == .unavailable) }
        await server.stop()
    }
}
