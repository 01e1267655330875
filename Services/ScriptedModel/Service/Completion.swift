import Foundation
import Foundations

/// A scripted answer to one request, with its placeholders filled.
struct Completion {
    private struct Call {
        let id: String
        let name: String
        let arguments: String
    }

    private let id: String
    private let model: String
    private let content: String?
    private let calls: [Call]
    private let usage: JSONValue
    private let created = JSONValue.int(Int(Date().timeIntervalSince1970))

    /// `hash` names the request: the same request gets the same ids.
    init(_ turn: Turn, to request: CompletionRequest, hash: UInt64) throws(ScriptError) {
        let placeholders = Placeholders(request: request)
        let name = Hash.text(hash)
        id = "chatcmpl-\(name)"
        model = request.model
        content = try turn.content.map { text throws(ScriptError) in try placeholders.fill(text) }
        var calls: [Call] = []
        for (index, call) in turn.toolCalls.enumerated() {
            let arguments = try placeholders.fill(call.arguments)
            // A string goes out as it is, so that a script can send broken JSON.
            let text = if let raw = arguments.stringValue { raw } else { try Self.text(of: arguments) }
            calls.append(Call(id: "call_\(name)_\(index)", name: call.name, arguments: text))
        }
        self.calls = calls
        usage = Self.usage(of: turn, to: request, written: calls.reduce(content ?? "") { $0 + $1.arguments })
    }

    /// What it is, for the witness log.
    var kind: String {
        calls.isEmpty ? "content" : "tool_calls: " + calls.map(\.name).joined(separator: ", ")
    }

    /// The answer as one JSON object.
    func whole() -> ScriptedReply {
        var message: [String: JSONValue] = ["role": "assistant", "content": content.map { .string($0) } ?? .null]
        if !calls.isEmpty { message["tool_calls"] = .array(calls.map(Self.json)) }
        let choice: JSONValue = ["index": 0, "message": .object(message), "finish_reason": finishReason]
        return .json(envelope("chat.completion", choices: [choice], usage: usage), kind: kind)
    }

    /// The answer as server-sent events.
    func streamed(withUsage: Bool) -> ScriptedReply {
        var chunks = [chunk(["role": "assistant", "content": ""])]
        for piece in Self.pieces(of: content ?? "") { chunks.append(chunk(["content": .string(piece)])) }
        for (index, call) in calls.enumerated() {
            let head = Call(id: call.id, name: call.name, arguments: "")
            var opening = Self.json(head).objectValue ?? [:]
            opening["index"] = .int(index)
            chunks.append(chunk(["tool_calls": [.object(opening)]]))
            for piece in Self.pieces(of: call.arguments) {
                let part: JSONValue = ["index": .int(index), "function": ["arguments": .string(piece)]]
                chunks.append(chunk(["tool_calls": [part]]))
            }
        }
        chunks.append(chunk([:], finish: finishReason))
        if withUsage { chunks.append(envelope("chat.completion.chunk", choices: [], usage: usage)) }
        let events = chunks.map { "data: \((try? $0.text()) ?? "null")\n\n" } + ["data: [DONE]\n\n"]
        let headers = ["Content-Type": "text/event-stream", "Cache-Control": "no-cache"]
        return ScriptedReply(headers: headers, pieces: events.map { Data($0.utf8) }, kind: kind)
    }

    private var finishReason: JSONValue { calls.isEmpty ? "stop" : "tool_calls" }

    private func chunk(_ delta: JSONValue, finish: JSONValue = nil) -> JSONValue {
        let choice: JSONValue = ["index": 0, "delta": delta, "finish_reason": finish]
        return envelope("chat.completion.chunk", choices: [choice], usage: nil)
    }

    private func envelope(_ object: String, choices: [JSONValue], usage: JSONValue?) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "object": .string(object), "created": created, "model": .string(model),
            "choices": .array(choices),
        ]
        members["usage"] = usage
        return .object(members)
    }

    private static func json(_ call: Call) -> JSONValue {
        let function: JSONValue = ["name": .string(call.name), "arguments": .string(call.arguments)]
        return ["id": .string(call.id), "type": "function", "function": function]
    }

    private static func text(of value: JSONValue) throws(ScriptError) -> String {
        do { return try value.text() } catch { throw ScriptError("arguments have no JSON form: \(error)") }
    }

    /// Estimates what the script does not give: four characters are about one token.
    private static func usage(of turn: Turn, to request: CompletionRequest, written: String) -> JSONValue {
        let read = request.messages.reduce(0) { $0 + $1.text.utf8.count }
        let prompt = turn.usage?.promptTokens ?? read / 4 + 1
        let completion = turn.usage?.completionTokens ?? written.utf8.count / 4 + 1
        var members: [String: JSONValue] = [
            "prompt_tokens": .int(prompt), "completion_tokens": .int(completion),
            "total_tokens": .int(prompt + completion),
        ]
        members["cost"] = turn.cost.map { .double($0) }
        return .object(members)
    }

    /// The text in pieces, as a model writes it; at most about a hundred, so that a long text takes no longer.
    private static func pieces(of text: String) -> [String] {
        let size = max(32, text.utf8.count / 100)
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
