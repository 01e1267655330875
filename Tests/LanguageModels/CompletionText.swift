import Foundations
import TestSupport

/// Builds what a provider sends.
enum CompletionText {
    /// A chunk of a stream with `delta`, as a server-sent event.
    static func chunk(_ delta: JSONValue, finish: String? = nil) throws -> String {
        let choice: JSONValue = ["index": 0, "delta": delta, "finish_reason": finish.map { .string($0) } ?? .null]
        return try event(["id": "c", "model": "served-model", "choices": [choice]])
    }

    /// A chunk with a piece of a tool call.
    static func call(_ index: Int, id: String? = nil, name: String? = nil, _ arguments: String) throws -> String {
        var function: [String: JSONValue] = ["arguments": .string(arguments)]
        if let name { function["name"] = .string(name) }
        var call: [String: JSONValue] = ["index": .int(index), "function": .object(function)]
        if let id { call["id"] = .string(id) }
        return try chunk(["tool_calls": [.object(call)]])
    }

    static func usage(_ prompt: Int, _ completion: Int, cost: Double? = nil) throws -> String {
        var usage: [String: JSONValue] = ["prompt_tokens": .int(prompt), "completion_tokens": .int(completion)]
        if let cost { usage["cost"] = .double(cost) }
        return try event(["model": "served-model", "choices": [], "usage": .object(usage)])
    }

    static func event(_ value: JSONValue) throws -> String { "data: \(try value.text())\n\n" }

    static let done = "data: [DONE]\n\n"

    /// A whole streamed reply that says `text`.
    static func stream(_ text: String) throws -> [String] {
        [try chunk(["role": "assistant", "content": .string(text)]), try chunk([:], finish: "stop"), done]
    }

    /// A whole reply that is not streamed.
    static func whole(_ text: String) throws -> StubReply {
        try .json([
            "model": "served-model", "usage": ["prompt_tokens": 3, "completion_tokens": 2],
            "choices": [["message": ["role": "assistant", "content": .string(text)], "finish_reason": "stop"]],
        ])
    }
}
