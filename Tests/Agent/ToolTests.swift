import Agent
import Contracts
import Foundation
import Foundations
import LanguageModels
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ToolTests {
    @Test func `reading gives numbered lines in windows`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("file", (1...3000).map { "line \($0)" }.joined(separator: "\n") + "\n")
            let window = try await fixture.call("read_file", ["file_path": "file", "start_line": 10, "end_line": 12])
            #expect(window.content == "10\tline 10\n11\tline 11\n12\tline 12")
            let whole = try await fixture.call("read_file", ["file_path": "file"])
            #expect(whole.content.contains("of 3000. Go on with start_line"))
            #expect(whole.content.count < 13_000)
            let beyond = try await fixture.call("read_file", ["file_path": "file", "start_line": 9999])
            #expect(beyond.content.contains("has 3000 lines"))
        }
    }

    @Test func `empty, binary, huge and missing files are told apart`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("empty", "")
            try fixture.put("binary", "a\0b")
            #expect(truncate(path: fixture.root + "/huge", to: 100_000_000))
            let empty = try await fixture.call("read_file", ["file_path": "empty"])
            let binary = try await fixture.call("read_file", ["file_path": "binary"])
            let huge = try await fixture.call("read_file", ["file_path": "huge"])
            let missing = try await fixture.call("read_file", ["file_path": "missing"])
            let folder = try await fixture.call("read_file", ["file_path": "."])
            #expect(empty.content == "[The file is empty.]")
            #expect(binary.content.contains("binary file of 3 bytes"))
            #expect(huge.content.contains("binary file of 100000000 bytes"))
            #expect(missing.content.contains("does not exist"))
            #expect(folder.content.contains("list_directory"))
        }
    }

    private func truncate(path: String, to size: UInt64) -> Bool {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { return false }
        return (try? handle.truncate(atOffset: size)) != nil
    }

    @Test func `writing more than 5 MB is refused`() async throws {
        try await AgentFixture.with { fixture in
            let text = String(repeating: "x", count: 5 << 20)
            let fits = try await fixture.call("write_file", ["file_path": "a", "content": .string(text)])
            let tooMuch = try await fixture.call("write_file", ["file_path": "b", "content": .string(text + "x")])
            #expect(fits.ok && !tooMuch.ok)
            #expect(fixture.text("b") == nil)
        }
    }

    @Test func `an edit changes its bytes and no others`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("crlf", "one\r\n\ttwo  \r\nthree")
            try Data([0xff, 0xe9, 0x61, 0x62, 0x63, 0xff]).write(to: URL(filePath: fixture.root + "/latin"))
            let crlf = try await fixture.call(
                "edit_file", ["file_path": "crlf", "old_text": "one\n\ttwo", "new_text": "1\n\t2"])
            let latin = try await fixture.call("edit_file", ["file_path": "latin", "old_text": "b", "new_text": "xy"])
            #expect(crlf.ok && latin.ok)
            #expect(fixture.text("crlf") == "1\r\n\t2  \r\nthree")
            let bytes = FileManager.default.contents(atPath: fixture.root + "/latin")
            #expect(bytes == Data([0xff, 0xe9, 0x61, 0x78, 0x79, 0x63, 0xff]))
        }
    }

    @Test func `an edit must be exact and unique, and says how to become so`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("file", "func alpha() {\n    return 1\n}\nfunc beta() {\n    return 1\n}\n")
            func edit(_ old: String, _ new: String, all: Bool = false) async throws -> ToolResult {
                try await fixture.call(
                    "edit_file",
                    [
                        "file_path": "file", "old_text": .string(old), "new_text": .string(new),
                        "replace_all": .bool(all),
                    ])
            }
            let twice = try await edit("return 1", "return 2")
            #expect(twice.content.contains("2 times (lines 2, 5)"))
            let similar = try await edit("func alpha()  {\n  return 1", "x")
            #expect(similar.content.contains("most similar lines are 1-2"))
            #expect(similar.content.contains("func alpha() {\n    return 1"))
            let already = try await edit("return 7", "func beta()")
            #expect(already.content.contains("may have been made already"))
            let empty = try await edit("", "x")
            let same = try await edit("alpha", "alpha")
            #expect(!empty.ok && !same.ok)
            let all = try await edit("return 1", "return 2", all: true)
            #expect(all.content.contains("in 2 places"))
            #expect(fixture.text("file") == "func alpha() {\n    return 2\n}\nfunc beta() {\n    return 2\n}\n")
        }
    }

    @Test func `an edit made to be slow or large is neither`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("file", String(repeating: "a", count: 1_000_000))
            let start = ContinuousClock.now
            let slow = try await fixture.call(
                "edit_file",
                [
                    "file_path": "file", "old_text": .string(String(repeating: "a", count: 500_000) + "b"),
                    "new_text": .string(String(repeating: "a", count: 500_000) + "c"),
                ])
            #expect(slow.content.contains("is not in file"))
            let large = try await fixture.call(
                "edit_file",
                [
                    "file_path": "file", "old_text": "a", "new_text": .string(String(repeating: "b", count: 1_000_000)),
                    "replace_all": true,
                ])
            #expect(large.content.contains("would be larger than 5 MB"))
            #expect(ContinuousClock.now - start < .seconds(30))
            let overlapping = try await fixture.call(
                "edit_file",
                ["file_path": "file", "old_text": "aaa", "new_text": "b", "replace_all": true])
            #expect(overlapping.content.contains("in 333333 places"))
            #expect(fixture.text("file") == String(repeating: "b", count: 333_333) + "a")
        }
    }

    @Test func `searching finds lines and cannot be tricked into options`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("src/a.swift", "let needle = 1\n--help\n")
            try fixture.put("src/b.txt", "needle: 2\n")
            try fixture.put(".git/c", "needle\n")
            let all = try await fixture.call("search_files", ["pattern": "nee.le"])
            #expect(
                all.content.split(separator: "\n").sorted() == [
                    "src/a.swift:1:let needle = 1", "src/b.txt:1:needle: 2",
                ])
            let some = try await fixture.call("search_files", ["pattern": "needle", "glob": "src/**/*.swift"])
            #expect(some.content == "src/a.swift:1:let needle = 1")
            let option = try await fixture.call("search_files", ["pattern": "--help"])
            #expect(option.content == "src/a.swift:2:--help")
            let none = try await fixture.call("search_files", ["pattern": "absent"])
            #expect(none.content == "Nothing matches.")
            let broken = try await fixture.call("search_files", ["pattern": "(["])
            #expect(broken.content.contains("The search failed"))
        }
    }

    @Test func `patterns beyond all measure are errors that the model can mend`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("file", "text")
            let long = JSONValue.string(String(repeating: "a", count: 140_000))
            for (tool, arguments) in [
                ("search_files", ["pattern": long]), ("search_files", ["pattern": "a", "glob": long]),
                ("search_files", ["pattern": "a\0b"]), ("find_files", ["glob": long]),
            ] as [(String, JSONValue)] {
                let result = try await fixture.call(tool, arguments)
                #expect(!result.ok, "\(tool)")
            }
            await #expect(throws: SandboxError.self) {
                _ = try await fixture.context.runner.run(
                    .shell("# " + String(repeating: "a", count: 140_000), workTree: fixture.root, timeout: .seconds(5)))
            }
        }
    }

    @Test func `nested braces cost nothing`() async throws {
        try await AgentFixture.with { fixture in
            let bomb = String(repeating: "{a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p}", count: 6)
            try fixture.put("abcdef", "needle")
            let start = ContinuousClock.now
            let found = try await fixture.call("find_files", ["glob": .string(bomb)])
            let lines = try await fixture.call("search_files", ["pattern": "needle", "glob": .string(bomb)])
            #expect(found.content == "abcdef" && lines.content == "abcdef:1:needle")
            #expect(PathScope([bomb]).allows("x/abcdef") && !PathScope([bomb]).allows("abcdeq"))
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func `submissions know the tools that there are`() {
        #expect(Set(ToolNames.known) == Set(ToolCatalogue.names))
    }

    @Test func `finding and listing`() async throws {
        try await AgentFixture.with { fixture in
            for path in ["a.json", "src/b.json", "src/deep/c.ts", "src/d.ts"] { try fixture.put(path, "x") }
            try fixture.link("loop", to: ".")
            let expected = [
                "*.json": "a.json\nsrc/b.json", "src/**/*.ts": "src/d.ts\nsrc/deep/c.ts",
                "src/*.{ts,json}": "src/b.json\nsrc/d.ts", "[b-c].*": "src/b.json\nsrc/deep/c.ts",
                "nothing": "No file matches nothing.",
            ]
            for (glob, paths) in expected {
                let found = try await fixture.call("find_files", ["glob": .string(glob)])
                #expect(found.content == paths)
            }
            let list = try await fixture.call("list_directory", [:])
            #expect(list.content == "a.json (1 bytes)\nloop@\nsrc/")
        }
    }

    @Test func `a command's exit code and output come back`() async throws {
        try await AgentFixture.with { fixture in
            let good = try await fixture.call("run_shell_command", ["command": "echo hello"])
            #expect(good.content == "exit code: 0\nhello\n")
            let bad = try await fixture.call("run_shell_command", ["command": "echo no >&2; exit 3"])
            #expect(bad.content == "exit code: 3\nno\n" && !bad.ok)
            let slow = try await fixture.call("run_shell_command", ["command": "sleep 30", "timeout": 1])
            #expect(slow.content.hasPrefix("exit code: 124 (killed after 1 seconds"))
        }
    }

    @Test func `arguments are checked by name`() async throws {
        try await AgentFixture.with { fixture in
            let cases: [(String, JSONValue, String)] = [
                ("read_file", [:], "`file_path` is missing"),
                ("read_file", ["file_path": ["a": 7]], "`file_path` must be a string"),
                ("read_file", ["place": "a"], "`place` is not an argument. The arguments are: file_path"),
                ("read_file", ["file_path": "a", "start_line": "x"], "`start_line` must be an integer"),
                ("update_todos", ["items": [["text": "a", "status": "later"]]], "`items[0].status` must be one of"),
                ("update_todos", ["items": [["text": "a"]]], "`items[0].status` is missing"),
                ("record_discovery", ["content": "x", "tags": "[y]"], "`tags` must be an array"),
            ]
            for (tool, arguments, message) in cases {
                let result = try await fixture.call(tool, arguments)
                #expect(result.content.contains(message), "\(result.content)")
            }
        }
    }

    @Test func `todos and discoveries come back as values`() async throws {
        try await AgentFixture.with { fixture in
            let todos = try await fixture.call(
                "update_todos",
                ["items": [["text": "one", "status": "done"], ["text": "two", "status": "in_progress"]]])
            #expect(todos.todos == "[x] one\n[>] two")
            let progress = try #require(TodoProgress(list: todos.todos ?? ""))
            #expect(progress.done == 1 && progress.all == 2)
            let none = try await fixture.call("update_todos", ["items": []])
            #expect(TodoProgress(list: none.todos ?? "") == nil)
            let found = try await fixture.call("record_discovery", ["content": "flaky", "tags": ["test"]])
            #expect(found.discovery == DiscoveryRecorded(content: "flaky", tags: ["test"]))
        }
    }

    @Test func `each audience has its tools, and the final one always stays`() {
        #expect(ToolCatalogue(.planner).tools.allSatisfy { !$0.changesFiles })
        #expect(ToolCatalogue(.planner).tools.map(\.name).contains("submit_plan"))
        #expect(ToolCatalogue(.coder, allowed: ["read_file"]).tools.map(\.name) == ["read_file", "finish"])
        #expect(ToolCatalogue(.coder, allowed: []).tools.map(\.name) == ["finish"])
        for tool in ToolCatalogue(.coder).definitions + ToolCatalogue(.planner).definitions {
            #expect(tool.parameters["type"] == "object")
            #expect(tool.parameters["additionalProperties"] == false)
        }
    }
}
