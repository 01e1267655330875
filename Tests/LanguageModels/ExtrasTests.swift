import Foundations
import Testing

@testable import LanguageModels

@Suite struct ExtrasTests {
    private func extras(_ deltas: JSONValue...) throws -> [String: JSONValue] {
        try ReplyText.read(deltas: deltas).message.extras
    }

    @Test func `texts are continued, names and signatures are not`() throws {
        let extras = try extras(
            ["reasoning": "I th", "provider": "x", "thought_signature": "a", "n": 1],
            ["reasoning": "ink", "provider": "x", "thought_signature": "b", "n": 2],
            ["reasoning": nil, "thought_signature": "", "n": nil])
        #expect(extras == ["reasoning": "I think", "provider": "x", "thought_signature": "b", "n": 2])
    }

    @Test func `numbered details are continued by number and type`() throws {
        let extras = try extras(
            ["details": [["index": 0, "type": "text", "text": "a"]]],
            ["details": [["index": 1, "type": "data", "id": "x", "data": "12"]]],
            ["details": [["index": 0, "type": "text", "text": "b", "signature": "s"]]],
            [
                "details": [
                    ["index": 1, "type": "data", "data": "34"], ["index": 1, "type": "data", "id": "y", "data": "5"],
                ]
            ])
        #expect(
            extras == [
                "details": [
                    ["index": 0, "type": "text", "text": "ab", "signature": "s"],
                    ["index": 1, "type": "data", "id": "x", "data": "1234"],
                    ["index": 1, "type": "data", "id": "y", "data": "5"],
                ]
            ])
    }

    @Test func `a block that is signed at its end is one, whatever stood for the signature before`() throws {
        let extras = try extras(
            ["blocks": [["type": "thinking", "thinking": "H", "signature": ""]], "thoughtSignature": "a"],
            ["blocks": [["type": "thinking", "thinking": "m", "signature": nil]], "thoughtSignature": "a"],
            ["blocks": [["type": "thinking", "thinking": "", "signature": "s"]]],
            ["blocks": [["type": "redacted_thinking", "data": "x"]]])
        #expect(
            extras == [
                "thoughtSignature": "a",
                "blocks": [
                    ["type": "thinking", "thinking": "Hm", "signature": "s"],
                    ["type": "redacted_thinking", "data": "x"],
                ],
            ])
    }

    @Test func `details without a number follow each other`() throws {
        let extras = try extras(
            ["details": [["type": "text", "text": "a"]]],
            ["details": [["type": "text", "text": "b", "signature": "s"]]],
            ["details": [["type": "text", "text": "c"]]], ["details": [["type": "link", "url": "u"]]],
            ["details": [["type": "link", "url": "v"]]])
        #expect(
            extras == [
                "details": [
                    ["type": "text", "text": "ab", "signature": "s"], ["type": "text", "text": "c"],
                    ["type": "link", "url": "u"], ["type": "link", "url": "v"],
                ]
            ])
    }

    @Test func `what comes with a call is the call's`() throws {
        let calls = try ReplyText.calls([
            [
                "index": 0, "id": "a", "type": "function", "extra": ["google": ["sig": "1"]], "x": nil,
                "function": ["name": "look", "arguments": "{}", "signature": "s"],
            ],
            ["index": 0, "extra": ["more": [1]]],
        ])
        #expect(
            calls == [
                ToolCall(
                    id: "a", name: "look", arguments: "{}",
                    extras: ["extra": ["google": ["sig": "1"], "more": [1]], "function": ["signature": "s"]])
            ])
    }

    @Test func `what is ours or nothing is no extra`() throws {
        let extras = try extras(
            ["role": "assistant", "content": "Hi.", "tool_calls": [], "index": 0, "refusal": nil, "reasoning": ""])
        #expect(extras == ["reasoning": ""])
    }

    @Test func `a final message replaces what it repeats`() throws {
        let whole: JSONValue = [
            "content": "Hi.", "reasoning": "Hm.", "details": [["index": 0, "text": "ab"]],
            "tool_calls": [["id": "a", "function": ["name": "look", "arguments": "{}"], "sig": "s"]],
        ]
        let chunks = try [
            ["content": "Hi.", "reasoning": "H", "details": [["index": 0, "text": "a"]]],
            ["reasoning": "m.", "details": [["index": 0, "text": "b"]]],
            ["tool_calls": [["index": 0, "id": "a", "function": ["name": "look", "arguments": "{}"]]]],
        ].map { try CompletionText.chunk($0) }
        let last = try CompletionText.event(["choices": [["message": whole, "finish_reason": "stop"]]])
        let message = try ReplyText.read(chunks.joined() + last).message
        #expect(message.content == "Hi.")
        #expect(message.extras == ["reasoning": "Hm.", "details": [["index": 0, "text": "ab"]]])
        #expect(message.toolCalls == [ToolCall(id: "a", name: "look", arguments: "{}", extras: ["sig": "s"])])
    }

    @Test func `content in parts is kept where some are no text`() throws {
        let thought: JSONValue = ["type": "thinking", "thinking": [["type": "text", "text": "H"]]]
        let more: JSONValue = ["type": "thinking", "thinking": [["type": "text", "text": "m"]]]
        let message = try ReplyText.read(deltas: [["content": [thought]], ["content": [more]], ["content": "Hi."]])
            .message
        #expect(message.content == "Hi.")
        #expect(
            message.extras == [
                "content": [
                    ["type": "thinking", "thinking": [["type": "text", "text": "Hm"]]],
                    ["type": "text", "text": "Hi."],
                ]
            ])
        let text = try ReplyText.read(deltas: [["content": [["type": "text", "text": "Hi."]]]]).message
        #expect(text == .assistant("Hi."))
    }

    @Test func `extras without end are bounded, and the operator is told`() throws {
        let half = JSONValue.string(String(repeating: "x", count: CompletionAssembler.maximumExtrasBytes / 2))
        let reply = try ReplyText.read(deltas: [["a": half], ["b": half], ["c": 1], ["content": "Hi."]])
        #expect(reply.message.content == "Hi.")
        #expect(Set(reply.message.extras.keys) == ["a"])
        #expect(reply.remark?.contains("too much that is not read") == true)
    }

    @Test func `extras of too many levels are left out, so that the reply can be kept`() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        let reply = try ReplyText.read(
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hi.\",\"x\":\(deep)},\"finish_reason\":\"stop\"}]}\n")
        #expect(reply.message == .assistant("Hi."))
        #expect(reply.remark != nil)
    }
}
