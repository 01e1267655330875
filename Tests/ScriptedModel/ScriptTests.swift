import Foundations
import ScriptedModelServer
import Testing

@Suite struct ScriptTests {
    @Test(arguments: [
        ("", "the script is empty"),
        ("roles: 3", "roles: expected"),
        ("{}", "roles: missing"),
        ("roles: [{turns: []}]", "role any: has no turns"),
        ("roles: [{turns: [{}]}]", "roles[0].turns[0]: a turn needs content, tool_calls or a fault"),
        ("roles: [{turns: [{contents: x}]}]", "roles[0].turns[0]: unknown key contents, expected one of content"),
        ("roles: [{turns: [{content: x}], after: never}]", "roles[0].after: "),
        ("roles: [{turns: [{tool_calls: [{arguments: {}}]}]}]", "roles[0].turns[0].tool_calls[0].name: missing"),
        ("roles: [{name: r, turns: [{content: '{{match:(}}'}]}]", "role r, turn 0: {{match:(}}: "),
        ("{faults: {rate: 2}, roles: []}", "faults: rate: expected 0…1"),
        ("roles: [", "did not find expected node content"),
    ]) func `a mistake in a script is named with its place`(_ script: String, _ complaint: String) {
        let error = #expect(throws: ScriptError.self) { try Script(parsing: script) }
        #expect(error?.description.contains(complaint) == true, "\(error?.description ?? "")")
    }

    @Test func `YAML and JSON give the same script, with the types kept`() throws {
        let yaml = try Script(
            parsing: """
                roles:
                  - turns:
                      - tool_calls: [{name: f, arguments: {a: 1, b: 1.5, c: true, d: null, e: "1", f: [x], g: 2026-01-01}}]
                """)
        let json = try Script(
            parsing: """
                {"roles": [{"turns": [{"tool_calls": [{"name": "f", "arguments":
                  {"a": 1, "b": 1.5, "c": true, "d": null, "e": "1", "f": ["x"], "g": "2026-01-01"}}]}]}]}
                """)
        let expected: JSONValue = [
            "a": 1, "b": 1.5, "c": true, "d": nil, "e": "1", "f": ["x"], "g": "2026-01-01",
        ]
        #expect(yaml.roles[0].turns[0].toolCalls[0].arguments == expected)
        #expect(json.roles[0].turns[0].toolCalls[0].arguments == expected)
    }
}
