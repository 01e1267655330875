import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct RawTests {
    @Test func `an answer is sent byte for byte`() async throws {
        let client = try await ModelClient(
            yaml: #"""
                roles:
                  - turns:
                      - raw:
                          status: 418
                          headers: {X-Note: 7, x-note: 7, Content-Type: ''}
                          event_end: "\r"
                          body: [": odd\n", {base64: 77u/}, {data: {b: '{{model}}', a: 1}}, {pause_ms: 10}, {data: '[DONE]'}]
                """#)
        let answer = try await client.complete(request([user("x")]), "-D", "/dev/stderr", "-o", "/dev/null")
        #expect(answer.status == 418)
        #expect(answer.body.lowercased().contains("x-note: 7"))
        #expect(!answer.body.lowercased().contains("content-type"))
        let folder = try TemporaryFolder()
        _ = try await client.complete(request([user("x")]), "-o", folder.path("body"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("body")))
        #expect(bytes == Data(": odd\n\u{FEFF}data: {\"a\":1,\"b\":\"scripted\"}\rdata: [DONE]\r".utf8))
    }

    @Test func `a text is the whole body, and an event stream unless the script says otherwise`() async throws {
        let client = try await ModelClient(yaml: "roles: [{turns: [{raw: {body: '<html>'}}, {raw: {status: 503}}]}]")
        let answer = try await client.complete(request([user("x")]), "-D", "/dev/stderr")
        #expect(answer.body.contains("<html>") && answer.body.contains("Content-Type: text/event-stream"))
        let next = try await client.complete(request([user("x"), ["role": "assistant", "content": "y"], user("z")]))
        #expect(next.status == 503)
        #expect(next.body.isEmpty)
    }

    @Test func `a body can be cut or stall at any place, and pass after the given times`() async throws {
        let client = try await ModelClient(
            yaml: """
                roles:
                  - turns:
                      - {raw: {body: [one, {cut: true}]}, times: 1, content: hi}
                      - raw: {body: [two, {stall: true}]}
                """)
        let cut = try await client.complete(request([user("x")]))
        #expect(cut.exit == 18)
        #expect(cut.body.contains("one"))
        #expect(try await client.complete(request([user("x")])).message?["content"] == "hi")
        let more: [JSONValue] = [user("x"), ["role": "assistant", "content": "y"], user("z")]
        let stalled = try await client.complete(request(more), "--max-time", "0.3")
        #expect(stalled.exit == 28)
        #expect(stalled.body.contains("two"))
    }

    /// Rules, a request that breaks each, and one that does not.
    static let rules: [(rule: String, broken: JSONValue, fine: JSONValue)] = [
        (
            "{model: scripted, has: temperature}", request([user("x")], more: ["temperature": 1]),
            request([user("x")], more: ["temperature": 1, "model": "other"])
        ),
        ("lacks: max_tokens", request([user("x")]), request([user("x")], more: ["max_tokens": 5])),
        ("has: temperature", request([user("x")], more: ["temperature": 1]), request([user("x")])),
        (
            "{each: 'messages[role=assistant][tool_calls]', lacks: reasoning}",
            request([user("x"), assistant(calls: "a"), result("a")]),
            request([user("x"), ["role": "assistant", "content": "no calls"], user("y")])
        ),
        (
            "{each: 'messages[].tool_calls[].id', unless: '^[a-z]{1,3}$'}",
            request([user("x"), assistant(calls: "abc", "A"), result("abc"), result("A")]),
            request([user("x"), assistant(calls: "abc"), result("abc")])
        ),
        (
            "{each: 'messages[role=assistant].content', matches: '^\\s*$'}",
            request([user("x"), ["role": "assistant", "content": "\n"], user("y")]),
            request([user("x"), assistant(calls: "a"), result("a")])
        ),
        (
            "order: [tool, user]", request([user("x"), assistant(calls: "a"), result("a"), user("y")]),
            request([user("x"), assistant(calls: "a"), result("a")])
        ),
        (
            "{each: 'messages[role=assistant]', lacks: 'details[type=a.b].x'}",
            request([user("x"), ["role": "assistant", "content": "y", "details": [["type": "a", "x": 1]]], user("z")]),
            request([
                user("x"), ["role": "assistant", "content": "y", "details": [["type": "a.b", "x": 1]]], user("z"),
            ])
        ),
        (
            "has: 'tools[].function.strict'",
            request([user("x")], more: ["tools": [["function": ["name": "x", "strict": true]]]]), request([user("x")])
        ),
    ]

    @Test(arguments: 0..<9) func `a request that breaks a rule is refused`(_ index: Int) async throws {
        let (rule, broken, fine) = Self.rules[index]
        let line = rule.hasPrefix("{") ? rule : "{\(rule)}"
        let script = "{refuse: [\(line.dropLast()), status: 422, message: No.}], roles: [{turns: [{content: hi}]}]}"
        let client = try await ModelClient(yaml: script)
        let answer = try await client.complete(broken)
        #expect(answer.status == 422)
        #expect(answer.error == "No.")
        #expect(try await client.complete(fine).message?["content"] == "hi")
    }

    @Test func `a refusal passes after the given times, and may be raw`() async throws {
        let client = try await ModelClient(
            yaml:
                "{refuse: [{lacks: seed, times: 1, raw: {status: 400, body: '[no]'}}], roles: [{turns: [{content: hi}]}]}"
        )
        #expect(try await client.complete(request([user("x")])).body == "[no]")
        #expect(try await client.complete(request([user("x")])).status == 200)
    }

    @Test(arguments: [
        ("refuse: [{status: 400}]", "refuse[0]: a refusal needs model, lacks"),
        ("refuse: [{order: [tool]}]", "refuse[0]: order: expected two roles"),
        ("refuse: [{unless: '('}]", "refuse[0]: unless: "),
        ("refuse: [{lacks: 'a[b'}]", "a[b: expected ]"),
        ("roles: [{turns: [{raw: {body: [{nothing: 1}]}}]}]", "unknown key nothing"),
        ("roles: [{turns: [{raw: {body: [{base64: '!'}]}}]}]", "base64: expected base64"),
        ("roles: [{turns: [{raw: {body: [{pause_ms: -1}]}}]}]", "pause_ms: expected 0 to"),
        ("roles: [{turns: [{raw: {status: 7}}]}]", "status: expected 100 to 999"),
        ("roles: [{turns: [{raw: {body: ['{{match:(}}']}}]}]", "role any, turn 0: {{match:(}}: "),
    ]) func `a mistake in a raw answer or a rule is named`(_ script: String, _ complaint: String) {
        let error = #expect(throws: ScriptError.self) {
            try Script(parsing: script.hasPrefix("roles") ? script : "\(script)\nroles: [{turns: [{content: x}]}]")
        }
        #expect(error?.description.contains(complaint) == true, "\(error?.description ?? "")")
    }
}
