import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing

/// A server with a script, and curl as its client: one that is not ours.
struct ModelClient {
    struct Answer {
        /// The HTTP status, 0 if there was none.
        let status: Int
        let body: String
        /// The exit status of curl: 0 good, 18 cut in the body, 28 out of time, 52 no answer.
        let exit: Int32

        var json: JSONValue { (try? JSONValue(parsing: body)) ?? nil }
        var error: String? { json["error"]?["message"]?.stringValue }
        var message: JSONValue? { json["choices"]?.arrayValue?.first?["message"] }
        var call: JSONValue? { message?["tool_calls"]?.arrayValue?.first }

        /// The events of a stream, without `[DONE]`.
        var events: [JSONValue] {
            body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.compactMap {
                try? JSONValue(parsing: String($0.dropFirst(6)))
            }
        }

        var deltas: [JSONValue] { events.compactMap { $0["choices"]?.arrayValue?.first?["delta"] } }
    }

    let server: ScriptedModelServer
    let url: String

    init(_ script: Script, options: ScriptedModelServer.Options = .init()) async throws {
        server = ScriptedModelServer(script: script, options: options)
        url = try await server.start()
    }

    init(yaml: String, options: ScriptedModelServer.Options = .init()) async throws {
        try await self.init(Script(parsing: yaml), options: options)
    }

    func get(_ path: String, _ more: String...) async throws -> Answer { try await curl([url + path] + more) }

    func complete(_ request: JSONValue, _ more: String...) async throws -> Answer {
        try await curl(["--data-binary", try request.text(), url + "/chat/completions"] + more)
    }

    private func curl(_ arguments: [String]) async throws -> Answer {
        let process = try await ServerProcess(["curl", "-sS", "-w", "\\n%{http_code}\\n"] + arguments)
        let exit = try await process.waitForExit()
        var lines = process.output.elements.filter { !$0.hasPrefix("curl: ") }
        let status = Int(lines.popLast() ?? "") ?? 0
        return Answer(status: status, body: lines.joined(separator: "\n"), exit: exit)
    }
}

/// A request that offers `tools` and holds `messages`.
func request(
    _ messages: [JSONValue], tools: [String] = ["finish"], more: [String: JSONValue] = [:]
) -> JSONValue {
    let offered = tools.map { name -> JSONValue in ["type": "function", "function": ["name": .string(name)]] }
    let members: [String: JSONValue] = [
        "model": "scripted", "messages": .array(messages), "tools": .array(offered),
    ]
    return .object(members.merging(more) { _, new in new })
}

func user(_ text: String) -> JSONValue { ["role": "user", "content": .string(text)] }

func assistant(calls ids: String...) -> JSONValue {
    let calls = ids.map { id -> JSONValue in
        ["id": .string(id), "type": "function", "function": ["name": "x", "arguments": "{}"]]
    }
    return ["role": "assistant", "content": nil, "tool_calls": .array(calls)]
}

func result(_ id: String, _ text: String = "ok") -> JSONValue {
    ["role": "tool", "tool_call_id": .string(id), "content": .string(text)]
}
