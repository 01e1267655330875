import Agent
import Foundations
import Testing

/// Arguments in the shapes in which models write them.
struct ArgumentsTests {
    /// A call and what it means.
    struct Case: Sendable, CustomTestStringConvertible {
        let tool: String
        let written: String
        let meant: JSONValue

        init(_ tool: String, _ written: String, _ meant: JSONValue) {
            self.tool = tool
            self.written = written
            self.meant = meant
        }

        var testDescription: String { "\(tool) \(written)" }
    }

    static func arguments(_ tool: String, _ written: String) throws -> JSONValue {
        let tools = ToolCatalogue(.coder).tools + ToolCatalogue(.planner).tools
        return try ToolArguments(written, for: #require(tools.first { $0.name == tool })).value
    }

    private func error(_ tool: String, _ written: String) -> String {
        do {
            return "taken: \(try Self.arguments(tool, written))"
        } catch {
            return "\(error)"
        }
    }

    private static let values = [
        Case("read_file", #"{"file_path":"a","start_line":"1"}"#, ["file_path": "a", "start_line": 1]),
        Case("read_file", #"{"file_path":"a","start_line":" 7 ","end_line":"-1"}"#, readTo(7, -1)),
        Case("read_file", #"{"file_path":"a","start_line":7.0,"end_line":"9.0"}"#, readTo(7, 9)),
        Case("read_file", #"{"file_path":"a","start_line":"007","end_line":"+9"}"#, readTo(7, 9)),
        Case("read_file", #"{"file_path":"a","start_line":"7e0","end_line":"\n9\n"}"#, readTo(7, 9)),
        Case("read_file", #"{"file_path":"a","start_line":""}"#, ["file_path": "a"]),
        Case("read_file", #"{"file_path":"a","start_line":"null","end_line":"None"}"#, ["file_path": "a"]),
        Case("read_file", #"{"file_path":"a","start_line":null}"#, ["file_path": "a"]),
        Case("read_file", #"{"file_path":["a"],"start_line":[3]}"#, ["file_path": "a", "start_line": 3]),
        Case("run_shell_command", #"{"command":"true","timeout":"30"}"#, ["command": "true", "timeout": 30]),
        Case("run_shell_command", #"{"command":["bash","-lc","echo $HOME"]}"#, ["command": "echo $HOME"]),
        Case(
            "run_shell_command", #"{"command":["ls","-la","my dir","it's"]}"#,
            ["command": #"ls -la 'my dir' 'it'\''s'"#]),
        Case("run_shell_command", #"{"command":["make test && make lint"]}"#, ["command": "make test && make lint"]),
        Case("run_shell_command", #"{"command":["bash","-euc","x"]}"#, ["command": "bash -euc x"]),
        Case("edit_file", #"{"file_path":"a","old_text":"x","new_text":"y","replace_all":"true"}"#, edit(true)),
        Case("edit_file", #"{"file_path":"a","old_text":"x","new_text":"y","replace_all":"False"}"#, edit(false)),
        Case("edit_file", #"{"file_path":"a","old_text":"x","new_text":"y","replace_all":1}"#, edit(true)),
        Case("edit_file", #"{"file_path":"a","old_text":"x","new_text":"y","replace_all":"on"}"#, edit(true)),
        Case("edit_file", #"{"file_path":"a","search":"x","replace":"y","replace_all":"0"}"#, edit(false)),
        Case("edit_file", #"{"target_file":"a","oldCode":"x","newCode":"y","replace_all":["yes"]}"#, edit(true)),
        // As the todo lists of other agents are written.
        Case("update_todos", #"{"todos":[{"content":"t","status":"in_progress","activeForm":"Ting"}]}"#, doing),
        Case("update_todos", #"{"todos":[{"id":"1","content":"t","status":"active","priority":"high"}]}"#, doing),
        Case("update_todos", #"{"explanation":"why","plan":[{"step":"t","status":"in_progress"}]}"#, doing),
        Case("update_todos", #"{"todoList":"[{'title': 't', 'status': 'in-progress', 'id': 1}]"}"#, doing),
        Case("run_shell_command", #"{"command":"ls","description":"Lists files"}"#, ["command": "ls"]),
        Case("run_shell_command", #"{"cmd":"ls","timeout":"","thought":"I look."}"#, ["command": "ls"]),
        Case("write_file", #"{"path":"a","text":"b","reason":"c"}"#, ["file_path": "a", "content": "b"]),
        Case("finish", #"{"result":"done"}"#, ["summary": "done"]),
        Case("update_todos", #"{"items":"[{\"text\":\"t\",\"status\":\"done\"}]"}"#, todo("done")),
        Case("update_todos", #"{"items":{"text":"t","status":"In Progress"}}"#, todo("in_progress")),
        Case("update_todos", #"{"items":["{\"text\":\"t\",\"status\":\"PENDING\"}"]}"#, todo("pending")),
        Case("update_todos", #"{"todos":[{"content":"t","status":"completed"}]}"#, todo("done")),
        Case("submit_plan", #"{"goal":"g","steps":"[\"one\", \"two\"]"}"#, ["goal": "g", "steps": ["one", "two"]]),
        Case("submit_plan", #"{"goal":"g","steps":"['one', 'it\\'s']"}"#, ["goal": "g", "steps": ["one", "it's"]]),
        Case("submit_plan", #"{"goal":"g","steps":{"item":["one","two"]}}"#, ["goal": "g", "steps": ["one", "two"]]),
        Case("update_todos", #"{"items":{"item":[{"text":"t","status":"done"}]}}"#, todo("done")),
        Case("submit_plan", #"{"goal":"g","steps":"do a, then b"}"#, ["goal": "g", "steps": ["do a, then b"]]),
        Case("submit_plan", #"{"goal":"g","steps":"[x] do a"}"#, ["goal": "g", "steps": ["[x] do a"]]),
        Case("submit_plan", #"{"goal":"g","steps":[1, {"do":"a"}]}"#, ["goal": "g", "steps": ["1", #"{"do":"a"}"#]]),
        Case("search_files", #"{"pattern":404}"#, ["pattern": "404"]),
        Case("finish", #"{"summary":1.10}"#, ["summary": "1.10"]),
        Case("read_file", #"{"filePath":"a","StartLine":2}"#, ["file_path": "a", "start_line": 2]),
        Case("read_file", #"{"path":"a"}"#, ["file_path": "a"]),
        Case("list_directory", #"{"path":"a"}"#, ["dir_path": "a"]),
        Case("edit_file", #"{"path":"a","old_string":"x","new_string":"y","replaceAll":true}"#, edit(true)),
    ]

    private static let doing = todo("in_progress")

    private static func readTo(_ first: Int, _ last: Int) -> JSONValue {
        ["file_path": "a", "start_line": .int(first), "end_line": .int(last)]
    }

    private static func edit(_ all: Bool) -> JSONValue {
        ["file_path": "a", "old_text": "x", "new_text": "y", "replace_all": .bool(all)]
    }

    private static func todo(_ status: String) -> JSONValue {
        ["items": [["text": "t", "status": .string(status)]]]
    }

    @Test(arguments: values)
    func `values are taken for what they mean`(call: Case) throws {
        #expect(try Self.arguments(call.tool, call.written) == call.meant)
    }

    private static let x: JSONValue = ["command": "x"]
    private static let shell: JSONValue = ["command": "a\n\tb"]
    private static let shapes = [
        Case("run_shell_command", "{\"command\":\"a\n\tb\"}", shell),
        Case("run_shell_command", #""{\"command\":\"a\\n\\tb\"}""#, shell),
        Case("run_shell_command", #""\"{\\\"command\\\":\\\"x\\\"}\"""#, ["command": "x"]),
        Case("run_shell_command", #"{"command":"x"}</tool_call>"#, ["command": "x"]),
        Case("run_shell_command", #"{"command":"x"}<|tool_call_end|>"#, ["command": "x"]),
        Case("run_shell_command", "{\"command\":\"x\"}\n</function>\n</tool_call>", ["command": "x"]),
        Case("run_shell_command", #"{"command":"x"}}"#, ["command": "x"]),
        Case("run_shell_command", #"{"command":"x",}"#, ["command": "x"]),
        Case("update_todos", #"{"items":[{"text":"t","status":"done",},],}"#, todo("done")),
        Case("run_shell_command", "```json\n{\"command\":\"x\"}\n```", ["command": "x"]),
        Case("run_shell_command", "Here is it: {\"command\":\"x\"}\nThat is all.", ["command": "x"]),
        Case("run_shell_command", "\u{FEFF}{\"command\":\"x\"}", ["command": "x"]),
        Case("run_shell_command", #"{"arguments":{"command":"x"}}"#, ["command": "x"]),
        Case("run_shell_command", #"{"input":"{\"command\":\"x\"}"}"#, ["command": "x"]),
        Case("run_shell_command", #"{"name":"run_shell_command","parameters":{"command":"x"}}"#, ["command": "x"]),
        Case("run_shell_command", #"[{"command":"x"}]"#, ["command": "x"]),
        Case("edit_file", #"{'file_path': 'a', 'old_text': "x", 'new_text': 'y', 'replace_all': True}"#, edit(true)),
        Case("read_file", #"{'file_path': 'it\'s', 'start_line': None}"#, ["file_path": "it's"]),
        Case("edit_file", #"{file_path: "a", old_text: 'x', new_text: "y", replace_all: true}"#, edit(true)),
        Case("run_shell_command", "<tool_call>\n{\"command\": \"x\"}", ["command": "x"]),
        Case("run_shell_command", "\r\n\t{\"command\":\r\n\"x\"\r\n}\r\n", ["command": "x"]),
        Case("run_shell_command", #"{"command":"x"}<|im_end|>"#, ["command": "x"]),
        Case("run_shell_command", #"{"command":"x","command":"x"}"#, ["command": "x"]),
        Case("run_shell_command", #"{}{"command":"x"}"#, ["command": "x"]),
        Case("run_shell_command", #"{"command":"x"}{"command":"x"}"#, ["command": "x"]),
        Case("run_shell_command", #"{"kwargs":{"command":"x"}}"#, ["command": "x"]),
        Case("run_shell_command", #"{"type":"function","name":"run_shell_command","arguments":"{command: 'x'}"}"#, x),
        Case("run_shell_command", #"{"run_shell_command":{"command":"x"}}"#, ["command": "x"]),
        Case("search_files", #"{"pattern":"number \d+\."}"#, ["pattern": #"number \d+\."#]),
        Case("list_directory", "", [:]),
        Case("list_directory", " \n", [:]),
        Case("list_directory", "null", [:]),
        Case("list_directory", "[]", [:]),
        Case("list_directory", "\"\"", [:]),
    ]

    @Test(arguments: shapes)
    func `what is nearly JSON is read`(call: Case) throws {
        #expect(try Self.arguments(call.tool, call.written) == call.meant)
    }

    @Test func `an object that is written as a file keeps its order, its numbers and its characters`() throws {
        let written =
            #"{"file_path":"p.json","content":{"name":"ä\/\"\n","v":1.10,"a":[],"deps":{"z":[1,2e3]},"b":{}}}"#
        let content = try Self.arguments("write_file", written)["content"]?.stringValue
        #expect(
            content == """
                {
                  "name": "ä/\\"\\n",
                  "v": 1.10,
                  "a": [],
                  "deps": {
                    "z": [
                      1,
                      2e3
                    ]
                  },
                  "b": {}
                }
                """)
    }

    @Test func `JSON that lies deep does not outgrow what was written`() throws {
        let depth = 400
        let deep =
            String(repeating: "[", count: depth) + "1" + String(repeating: ",1", count: 1000)
            + String(repeating: "]", count: depth)
        let content = try Self.arguments("write_file", #"{"file_path":"a","content":\#(deep)}"#)["content"]?.stringValue
        let text = try #require(content)
        #expect(text.utf8.count < 10_000 && text.hasPrefix("[\n  [\n    ["))
        #expect(try JSONValue(parsing: text) == JSONValue(parsing: deep))
    }

    @Test(arguments: [
        #"{"command":"#, #"{"command":"abc"#, #"{"command":"abc\"#, #"{"command":"abc\u00"#, #"{"command":"x""#,
        #"{"command":"x","#, #"{"command":"x",time"#, #"{command: "x"#, #"{"command":"x", "timeout":1"#,
        #"{"command":"abc</tool_call>"#,
        "```json\n{\"command\":\"a",
        #""{\"command\": \"ab""#, #"{"arguments":"{\"command\": \"ab"}"#, #"{'command': 'ab"#, #"{"command":["a","b""#,
    ])
    func `what was cut off is not completed`(written: String) {
        #expect(error("run_shell_command", written).contains("may have been cut"))
    }

    @Test func `a list that was cut off inside of a text is not completed`() {
        #expect(error("submit_plan", #"{"goal":"g","steps":"[\"a\", \"b"}"#).contains("may have been cut"))
    }

    @Test(arguments: [
        // Quotes that are not escaped: where the text ends is a guess.
        #"{"command":"echo "x" y"}"#, #"{"command":"echo "} ; y"}"#, #"{'command': 'don't'}"#,
        // Two objects, and none.
        #"{"command":"x"}{"command":"y"}"#, "ls -la", "42", #"[1]"#, #"["ls","-la"]"#,
        // A folder called new, or a line break?
        #"{"command":"type C:\new\docs"}"#, #"{"command":"it\'s"}"#,
    ])
    func `what has no one reading is refused`(written: String) {
        #expect(error("run_shell_command", written).contains("not a JSON object"))
    }

    @Test(arguments: [
        ("read_file", #"{"file_path":"a","start_line":"ten"}"#, "`start_line` must be an integer"),
        ("read_file", #"{"file_path":"a","start_line":1.5}"#, "`start_line` must be an integer"),
        ("read_file", #"{"file_path":"a","start_line":true}"#, "`start_line` must be an integer"),
        ("read_file", #"{"file_path":"a","start_line":[1,2]}"#, "`start_line` must be an integer"),
        ("read_file", #"{"file_path":"a","path":"b"}"#, "`file_path` is given twice"),
        ("read_file", #"{"file_path":{"a":1}}"#, "`file_path` must be a string"),
        ("read_file", #"{"file_path":"a","limit":"5"}"#, "`limit` is not an argument"),
        ("read_file", #"{"start_line":"5"}"#, "`file_path` is missing"),
        ("edit_file", #"{"file_path":"a","old_text":"x","new_text":"y","replace_all":"maybe"}"#, "true or false"),
        ("write_file", #"{"file_path":"a","content":["one","two"]}"#, "`content` must be a string. Join the lines"),
        ("run_shell_command", #"{"command":{"a":"b"}}"#, "`command` must be a string"),
        ("run_shell_command", #"{"command":["cd a","make"]}"#, "joined with &&"),
        ("run_shell_command", #"{"command":["cd","a","&&","make"]}"#, "joined with &&"),
        ("run_shell_command", #"{"command":["ls","|","wc"]}"#, "joined with &&"),
        ("run_shell_command", #"{"command":"x","timeout":"2 minutes"}"#, "`timeout` must be an integer"),
        ("run_shell_command", #"{"command":"x","timeout":99999999999999999999}"#, "`timeout` must be an integer"),
        ("run_shell_command", #"{"description":"Lists files"}"#, "`command` is missing"),
        ("run_shell_command", #"{"command":"x","background":true}"#, "`background` is not an argument"),
        ("run_shell_command", #"{"arguments":{"command":"x"},"timeout":5}"#, "`arguments` is not an argument"),
        ("update_todos", #"{"items":[{"text":"t","status":"later"}]}"#, "one of pending, in_progress, done"),
        ("update_todos", #"{"items":["t"]}"#, "`items[0]` must be an object"),
        ("submit_plan", #"{"goal":"g","steps":"[a, b]"}"#, "`steps` must be an array"),
        ("submit_plan", #"{"goal":"g","steps":""}"#, "`steps` is missing"),
    ])
    func `what cannot be meant is an error that says what is expected`(tool: String, written: String, words: String) {
        #expect(error(tool, written).contains(words), "\(error(tool, written))")
    }

    @Test func `what fits stays as it is`() throws {
        let call = #"{"command":"[\"ls\"]","timeout":null}"#
        #expect(try Self.arguments("run_shell_command", call) == ["command": #"["ls"]"#])
        for text in ["", "null", "None", "true", "1", "{}", "```json\n{}\n```", " x\r\n", "{\"a\":1}</tool_call>"] {
            let call: JSONValue = ["file_path": .string(text), "content": .string(text)]
            #expect(try Self.arguments("write_file", call.text()) == call)
        }
    }
}
