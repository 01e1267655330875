import Foundations
import LanguageModels
import Testing

@testable import Agent

/// Calls that stand in the text of a reply.
struct WrittenCallsTests {
    private static let catalogue = ToolCatalogue(.coder)

    private static func reading(_ text: String) -> WrittenCalls.Reading {
        WrittenCalls.read(.assistant(text), catalogue)
    }

    private func calls(_ text: String) throws -> [JSONValue] {
        guard case .calls(let calls, _) = Self.reading(text) else {
            Issue.record("\(Self.reading(text))")
            return []
        }
        return try calls.map { call in
            let arguments = try ToolArguments(call.arguments ?? "{}", for: Self.catalogue.tool(call.name))
            return .array([.string(try Self.catalogue.tool(call.name).name), arguments.value])
        }
    }

    private static let json = #"{"name": "read_file", "arguments": {"file_path": "a.py", "start_line": "2"}}"#
    private static let arguments = #"{"file_path": "a.py", "start_line": 2}"#

    @Test(arguments: [
        "<tool_call>\n\(json)\n</tool_call>",
        "<tool_call>\n\(json)",
        "Let me look.\n\n<tool_call>\(json)</tool_call>",
        "<think>I could write <tool_call>{}</tool_call>.</think>\n<tool_call>\(json)</tool_call><|im_end|>",
        "<function_call>\(json)</function_call>",
        "```\n<tool_call>\(json)</tool_call>\n```",
        "<function=read_file>\n<parameter=file_path>\na.py\n</parameter>\n<parameter=start_line>\n2\n</parameter>\n</function>",
        "<tool_call>\n<function=read_file><parameter=path>a.py</parameter><parameter=start_line>2</parameter></function>\n</tool_call>",
        "<function=read_file>\(arguments)</function>",
        "<tool_call>read_file\n<arg_key>file_path</arg_key>\n<arg_value>a.py</arg_value>\n<arg_key>start_line</arg_key>\n<arg_value>2</arg_value>\n</tool_call>",
        #"<|python_tag|>{"name": "read_file", "parameters": {"file_path": "a.py", "start_line": 2}}<|eom_id|>"#,
        "[TOOL_CALLS][\(json)]",
        "[TOOL_CALLS] [\(json)]</s>",
        "I will read it.[TOOL_CALLS]read_file[ARGS]\(arguments)",
        "[TOOL_CALLS]read_file\(arguments)",
        "[TOOL_CALLS]read_file[CALL_ID]abcdefghi[ARGS]\(arguments)",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n```json\n\(arguments)\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>read_file<｜tool▁sep｜>\(arguments)<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.read_file:0<|tool_call_argument_begin|>\(arguments)<|tool_call_end|><|tool_calls_section_end|>",
        #"<function_calls>\#n<invoke name="read_file">\#n<parameter name="file_path">a.py</parameter>\#n<parameter name="start_line">2</parameter>\#n</invoke>\#n</function_calls>"#,
        #"<｜DSML｜function_calls><｜DSML｜invoke name="read_file"><｜DSML｜parameter name="file_path" string="true">a.py</｜DSML｜parameter><｜DSML｜parameter name="start_line" string="false">2</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>"#,
        // Granite, Phi, Nemotron, MiniMax, Seed, InternLM, Command, Qwen's coder, Glaive, and gpt-oss.
        "<|tool_call|>[\(json)]<|/tool_call|>", "<TOOLCALL>[\(json)]</TOOLCALL>",
        "<minimax:tool_call>\n<invoke name=\"read_file\">\n<parameter name=\"file_path\">a.py</parameter>\n<parameter name=\"start_line\">2</parameter>\n</invoke>\n</minimax:tool_call>",
        "<seed:tool_call><function=read_file><parameter=file_path>a.py</parameter><parameter=start_line>2</parameter></function></seed:tool_call>",
        "I look.<|action_start|><|plugin|>\n\(json)<|action_end|>",
        #"<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "read_file", "parameters": {"file_path": "a.py", "start_line": 2}}]<|END_ACTION|>"#,
        "<tools>\n\(json)\n</tools>", "<functioncall> \(json) </functioncall>", "<tool_use>\(json)</tool_use>",
        "<|channel|>commentary to=functions.read_file <|constrain|>json<|message|>\(arguments)<|call|>",
        "<|start|>assistant<|channel|>commentary to=functions.read_file<|message|>\(arguments)",
        "<tool_call>{name: \"read_file\", arguments: {file_path: \"a.py\", start_line: 2}}</tool_call>",
        // As Python: Llama, LFM, Olmo, Gemma.
        #"[read_file(file_path="a.py", start_line=2)]"#,
        #"<|python_start|>[read_file(path='a.py', start_line=2,)]<|python_end|>"#,
        #"I look.<|tool_call_start|>[read_file(file_path="a.py", start_line="2")]<|tool_call_end|>"#,
        "<function_calls>\nread_file(file_path=\"a.py\", start_line=2)\n</function_calls>",
        "```tool_code\nread_file(file_path='a.py', start_line=2)\n```",
        #"<|python_tag|>read_file(file_path = "a.py", start_line = 2)<|eom_id|>"#,
        #"default_api.read_file(file_path="a.py", start_line=2)"#,
        json, "  \(json)\n", "[\(json)]", "```json\n\(json)\n```", "~~~\n\(json)\n~~~",
        #"{"type":"function","function":{"name":"read_file","arguments":"{\"file_path\":\"a.py\",\"start_line\":2}"}}"#,
        #"{"tool_calls":[{"id":"1","type":"function","function":{"name":"read_file","arguments":{"file_path":"a.py","start_line":2}}}]}"#,
        #"{"tool":"read_file","args":{"path":"a.py","start_line":2}}"#,
        #"{'name': 'read_file', 'arguments': {'file_path': 'a.py', 'start_line': 2}}"#,
    ])
    func `a call in each of the formats is found`(text: String) throws {
        #expect(try calls(text) == [["read_file", ["file_path": "a.py", "start_line": 2]]])
    }

    @Test(arguments: [
        // Quoted, in code, and in prose.
        "A call is written as `<tool_call>\(json)</tool_call>`.",
        "A call looks so:\n```\n<tool_call>\(json)</tool_call>\n```\nDo you see?",
        "Here is the JSON:\n```json\n\(json)\n```",
        "    <tool_call>\(json)</tool_call>",
        "> <tool_call>\(json)</tool_call>",
        "The tag \"<tool_call>\(json)</tool_call>\" makes a call.",
        "You write <tool_call>\(json)</tool_call> and wait.",
        "A call is written so:\n<tool_call>\(json)</tool_call>\nThen the answer comes.",
        "For example\n<tool_call>\(json)</tool_call>",
        "The reply was \(json)", "\(json)\nis a call.",
        // Not whole.
        #"<tool_call>{"name": "read_file", "arguments": {"file_path": "a.py""#,
        "<function=read_file><parameter=file_path>a.py</parameter>", "<function=read_file><parameter=file_path>a.py",
        "<tool_call>", "<tool_call></tool_call>", #"{"name": "read_file", "arguments": {"file_path": "#,
        // Not known, or not fitting.
        #"<tool_call>{"name": "fly", "arguments": {}}</tool_call>"#,
        #"<tool_call>{"name": "read_file", "arguments": {"nothing": 1}}</tool_call>"#,
        #"{"name": "read_file"}"#, #"{"name": "read_file", "arguments": {"file_path": "a"}, "note": 1}"#,
        "<tool_call>\(json)</tool_call>\n<tool_call>{\"name\": \"fly\", \"arguments\": {}}</tool_call>",
        // The answer is made up, or the value holds the tags that end it.
        "<tool_call>\(json)</tool_call>\n<tool_response>1</tool_response>\nDone.",
        "<function=write_file><parameter=file_path>a</parameter><parameter=content>x</parameter></function> y</parameter></function>",
        // Nearly as Python.
        #"read_file("a.py")"#, #"I call read_file(file_path="a.py")."#, "[read_file]", "read_file", "print(1)",
        "f(x=1)",
        #"[read_file(file_path="a.py""#, #"[read_file(file_path="a.py"), fly(to="b")]"#, #"read_file(file_path=a.py)"#,
        // No call at all.
        "", "I am done.", "{}", "[]", "{\"summary\": \"done\"}", "a < b && c > d", "see [1] and <b>this</b></s>",
    ])
    func `what is not unmistakably a call is not made`(text: String) {
        if case .calls(let calls, _) = Self.reading(text) { Issue.record("\(calls)") }
    }

    @Test func `several calls are made in order, and the prose stays`() throws {
        let text = """
            I read both.
            <tool_call>
            {"name": "read_file", "arguments": {"file_path": "a"}}
            </tool_call>
            <tool_call>
            {"name": "list_directory"}
            </tool_call>
            """
        #expect(try calls(text) == [["read_file", ["file_path": "a"]], ["list_directory", [:]]])
        guard case .calls(_, let rest) = Self.reading(text) else { return }
        #expect(rest == "I read both.")
    }

    @Test func `several calls as Python are made in order`() throws {
        let text =
            #"[read_file(file_path="a"), update_todos(items=[{'text': 'it\'s', 'status': 'done'}]), list_directory()]"#
        #expect(
            try calls(text) == [
                ["read_file", ["file_path": "a"]],
                ["update_todos", ["items": [["text": "it's", "status": "done"]]]], ["list_directory", [:]],
            ])
    }

    @Test func `a value keeps its line breaks, its tags and its fences`() throws {
        let content = "```\n<b>&lt;</b>\n</parameter> {\"a\": 1}\n```\n"
        let block =
            "<function=write_file>\n<parameter=file_path>\na\n</parameter>\n<parameter=content>\n\(content)\n</parameter>\n</function>"
        let inline =
            "<invoke name=\"write_file\"><parameter name=\"file_path\">a</parameter><parameter name=\"content\">\(content)</parameter></invoke>"
        #expect(try calls(block) == [["write_file", ["file_path": "a", "content": .string(content)]]])
        #expect(try calls(inline) == [["write_file", ["file_path": "a", "content": .string(content)]]])
    }

    @Test func `calls of the reply's own leave its text alone`() {
        let call = ToolCall(id: "1", name: "list_directory", arguments: "{}")
        #expect(WrittenCalls.read(.assistant(Self.json, toolCalls: [call]), Self.catalogue) == .none)
    }

    @Test func `something like a call is told from none`() {
        #expect(Self.reading("I am done, see `<tool_call>`.") == .none)
        let texts = [
            "<tool_call>", "<tool_call></tool_call>", "Look:\n```json\n\(Self.json)\n```", "I read it:\n\(Self.json)",
            "<tool_call>{\"name\": \"fly\"}</tool_call>", "<|channel|>analysis<|message|>I need to read a.py first.",
        ]
        for text in texts {
            if case .doubtful = Self.reading(text) { continue }
            Issue.record("\(Self.reading(text))")
        }
    }
}
