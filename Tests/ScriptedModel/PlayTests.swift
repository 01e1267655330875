import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PlayTests {
    private static let script = """
        roles:
          - when: {tools: [submit_plan]}
            turns:
              - tool_calls: [{name: submit_plan, arguments: {goal: "Do it", steps: 3, done: false}}]
          - name: coder
            when: {tools: [finish]}
            after: error
            turns:
              - content: Looking.
                tool_calls:
                  - {name: read_file, arguments: {file_path: "{{match:in (\\\\S+)}}"}}
                  - {name: list_directory, arguments: '{"dir_path": "broken'}
                usage: {prompt_tokens: 7, completion_tokens: 5}
                cost: 0.25
              - {tool_calls: [{name: finish, arguments: {summary: "{{last_tool_result}} on {{model}} {{ other }}"}}]}
          - {name: talker, when: {contains: hello there}, turns: [{content: hi}]}
        """

    @Test func `the tools of a request choose the role, and the assistant messages the turn`() async throws {
        let client = try await ModelClient(yaml: Self.script)
        let plan = try await client.complete(request([user("x")], tools: ["read_file", "submit_plan"]))
        #expect(plan.call?["function"]?["name"] == "submit_plan")
        #expect(plan.call?["function"]?["arguments"] == #"{"done":false,"goal":"Do it","steps":3}"#)

        let first = try await client.complete(request([user("mend it in src/a.py please")]))
        #expect(first.message?["content"] == "Looking.")
        #expect(first.call?["function"]?["arguments"] == #"{"file_path":"src/a.py"}"#)
        #expect(first.message?["tool_calls"]?.arrayValue?[1]["function"]?["arguments"] == #"{"dir_path": "broken"#)
        #expect(first.json["choices"]?.arrayValue?.first?["finish_reason"] == "tool_calls")
        #expect(
            first.json["usage"]
                == ["prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12, "cost": 0.25])

        let played: [JSONValue] = [user("x"), assistant(calls: "1", "2"), result("1", "one"), result("2", "two")]
        let second = try await client.complete(request(played))
        #expect(second.call?["function"]?["arguments"] == #"{"summary":"two on scripted {{ other }}"}"#)

        let beyond = try await client.complete(request(played + [assistant(calls: "3"), result("3")]))
        #expect(beyond.status == 400)
        #expect(beyond.error == "role coder has only 2 turns, asked for turn 2")

        #expect(try await client.complete(request([user("oh hello there")], tools: [])).message?["content"] == "hi")
        let none = try await client.complete(request([user("x")], tools: ["b", "a"]))
        #expect(none.error == "no role of the script matches: tools [a, b]")
        #expect(client.server.statistics.roles == ["submit_plan": 1, "coder": 2, "talker": 1])
    }

    @Test func `the same request gets the same answer, ids included`() async throws {
        let client = try await ModelClient(yaml: Self.script)
        let question = request([user("x in y")])
        let first = try await client.complete(question)
        let again = try await client.complete(question)
        #expect(first.message == again.message)
        #expect(client.server.statistics.requests == 2)
        #expect(client.server.statistics.distinctRequests == 1)
    }

    @Test func `a placeholder that matches nothing is an error that says so`() async throws {
        let client = try await ModelClient(yaml: Self.script)
        let answer = try await client.complete(request([user("nothing here")]))
        #expect(answer.status == 400)
        #expect(answer.error?.contains("{{match:in (\\S+)}} matches nothing") == true)
    }

    @Test func `a stream carries the same answer in pieces, with usage when asked, and ends with DONE`() async throws {
        let text = String(repeating: "Grüße, 你好. ", count: 20)
        let call = ScriptedCall("finish", ["summary": .string(text)])
        let client = try await ModelClient(
            Script(roles: [Role("any", turns: [Turn(content: text, calls: [call, call])])]))
        let usage: JSONValue = ["include_usage": true]
        let answer = try await client.complete(
            request([user("x")], more: ["stream": true, "stream_options": usage]), "-N")
        #expect(answer.body.hasSuffix("data: [DONE]\n\n"))
        #expect(answer.deltas.compactMap { $0["content"]?.stringValue }.joined() == text)
        for index in 0...1 {
            let parts = answer.deltas.compactMap { $0["tool_calls"]?.arrayValue?.first }
                .filter { $0["index"]?.intValue == index }
            #expect(parts.first?["function"]?["name"] == "finish")
            #expect(parts.count { $0["id"] != nil } == 1)
            let arguments = parts.compactMap { $0["function"]?["arguments"]?.stringValue }.joined()
            #expect(try JSONValue(parsing: arguments)["summary"] == .string(text))
        }
        #expect(answer.events.last?["choices"] == [])
        #expect(answer.events.last?["usage"]?["total_tokens"]?.intValue != nil)
        let plain = try await client.complete(request([user("x")], more: ["stream": true]))
        #expect(plain.events.allSatisfy { $0["usage"] == nil })
    }

    @Test func `turns can be counted from the last user message`() async throws {
        var role = Role("any", turns: [Turn(content: "first"), Turn(content: "second")])
        role.countFrom = .lastUserMessage
        let client = try await ModelClient(Script(roles: [role]))
        let messages = [user("a"), assistant(calls: "1"), result("1"), user("again")]
        #expect(try await client.complete(request(messages)).message?["content"] == "first")
    }

    @Test func `content given as a list of parts is read`() async throws {
        let client = try await ModelClient(
            Script(roles: [Role("any", when: Condition(contains: "needle"), turns: [Turn(content: "found")])]))
        let parts: JSONValue = ["role": "user", "content": [["type": "text", "text": "a needle"]]]
        #expect(try await client.complete(request([parts])).message?["content"] == "found")
    }

    @Test func `models, statistics, unknown routes and keys answer in the shape of the API`() async throws {
        var options = ScriptedModelServer.Options()
        options.requiredKey = Secret("sk-test")
        let script = "{models: [m1, m2], roles: [{turns: [{content: hi}]}]}"
        let client = try await ModelClient(yaml: script, options: options)
        let refused = try await client.get("/models")
        #expect(refused.status == 401)
        #expect(refused.json["error"]?["code"] == "invalid_api_key")
        let key = "Authorization: Bearer sk-test"
        let models = try await client.get("/models", "-H", key)
        #expect(models.json["data"]?.arrayValue?.map { $0["id"] } == ["m1", "m2"])
        let unknown = try await client.get("/nothing", "-H", key)
        #expect(unknown.status == 404)
        #expect(unknown.error == "Invalid URL (GET /v1/nothing)")
        #expect(try await client.complete(request([user("x")]), "-H", key).message?["content"] == "hi")
        #expect(try await client.get("/../stats").json["requests"] == 1)
    }
}
