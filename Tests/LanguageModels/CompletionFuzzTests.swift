import Foundation
import Foundations
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

/// What reads the replies of providers, against broken and hostile ones.
@Suite(.timeLimit(.minutes(5 * Fuzzer.factor))) struct CompletionFuzzTests {
    private static let messages: [JSONValue] = [
        chunk(["role": "assistant", "content": "I look at it."]),
        chunk(["content": ["text": "I look"]]),
        chunk(["tool_calls": [["index": 0, "id": "a", "function": ["name": "look", "arguments": "{\"a\": 1}"]]]]),
        chunk(["tool_calls": [["index": 0, "function": ["arguments": ["a": [1, "b"]]]]]]),
        ["model": "m", "choices": [], "usage": ["prompt_tokens": 7, "completion_tokens": 3, "cost": 0.25]],
        ["choices": [["message": ["content": "Whole."], "finish_reason": "stop"]]],
        ["error": ["message": "too long", "code": "context_length_exceeded", "type": "x", "status": 400]],
        ["error": ["message": "later", "code": 429]],
    ]

    private static func chunk(_ delta: JSONValue) -> JSONValue {
        ["model": "m", "choices": [["index": 0, "delta": delta, "finish_reason": "tool_calls"]]]
    }

    private func events(_ pieces: [Data]) throws(TransferError) -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for piece in pieces { events += try parser.consume(piece) }
        return events
    }

    /// Takes what an event holds as ``OpenAICompatibleModel`` does.
    private func take(_ event: ServerSentEvent, _ assembler: inout CompletionAssembler) {
        guard let chunk = try? JSON.decode(CompletionChunk.self, from: Data(event.data.utf8)) else { return }
        if let failure = chunk.error ?? chunk.choices?.first?.error {
            _ = ModelError(failure, excerpt: "", model: "m")
            _ = ModelError(status: 400, failure: failure, excerpt: "", retryAfter: nil, model: "m")
        }
        assembler.add(chunk)
    }

    @Test func `a broken stream is a reply within its bounds, or an error, however it is cut into pieces`() throws {
        var fuzzer = Fuzzer(seed: 8)
        let messages = try Self.messages.map { try $0.data() }
        var replies = 0
        for _ in 0..<20 * Fuzzer.factor {
            var stream = Data()
            for message in messages { stream += Data("data: ".utf8) + fuzzer.variant(of: message) + Data("\n\n".utf8) }
            let whole = try events([stream])
            #expect(try events(fuzzer.pieces(of: stream)) == whole)
            var assembler = CompletionAssembler()
            for event in whole { take(event, &assembler) }
            guard let reply = try? assembler.reply(requested: "m") else { continue }
            replies += 1
            expectBounds(reply)
        }
        #expect(replies > 0)
    }

    private func expectBounds(_ reply: ChatReply) {
        #expect(reply.message.toolCalls.count <= CompletionAssembler.maximumCalls)
        #expect((0...10_000_000).contains(reply.usage.promptTokens))
        #expect((0...10_000_000).contains(reply.usage.completionTokens))
        #expect((0...1000).contains(reply.costUSD ?? 0))
    }
}
