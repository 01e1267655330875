import Agent
import Foundation
import Foundations
import Glibc
import Testing

/// Files as people have them, through the tools.
@Suite(.timeLimit(.minutes(2)))
struct FileFormTests {
    private func bytes(_ fixture: AgentFixture, _ path: String) -> [UInt8] {
        FileManager.default.contents(atPath: "\(fixture.root)/\(path)").map(Array.init) ?? []
    }

    private func put(_ fixture: AgentFixture, _ path: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(fixture.root)/\(path)"))
    }

    private func edit(
        _ fixture: AgentFixture, _ path: String, _ old: String, _ new: String, all: Bool = false
    ) async throws -> ToolResult {
        try await fixture.call(
            "edit_file",
            [
                "file_path": .string(path), "old_text": .string(old), "new_text": .string(new),
                "replace_all": .bool(all),
            ])
    }

    private func write(_ fixture: AgentFixture, _ path: String, _ text: String) async throws -> ToolResult {
        try await fixture.call("write_file", ["file_path": .string(path), "content": .string(text)])
    }

    private func wide(_ text: String) -> [UInt8] {
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    private func latin(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

    @Test func `a file with CRLF is read, searched and edited by line`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("big.py", (1...600).map { "value_\($0) = \($0)\r\n" }.joined())
            let window = try await fixture.call(
                "read_file", ["file_path": "big.py", "start_line": 301, "end_line": 303])
            #expect(
                window.content.hasPrefix(
                    "301\tvalue_301 = 301\n302\tvalue_302 = 302\n303\tvalue_303 = 303\n[The file has CRLF"))
            let found = try await fixture.call("search_files", ["pattern": "= 30[12]$"])
            #expect(found.content == "big.py:301:value_301 = 301\nbig.py:302:value_302 = 302")
            let edited = try await edit(
                fixture, "big.py", "value_2 = 2\nvalue_3 = 3\n", "value_2 = 2\nnew = 0\nvalue_3 = 4\n")
            #expect(edited.ok && edited.content.contains("at line 2") && edited.content.contains("CRLF"))
            let text = try #require(fixture.text("big.py"))
            #expect(
                text.utf8.elementsEqual(
                    ("value_1 = 1\r\nvalue_2 = 2\r\nnew = 0\r\nvalue_3 = 4\r\n"
                        + (4...600).map { "value_\($0) = \($0)\r\n" }.joined()).utf8))
        }
    }

    @Test func `one line of CRLF may become several, and a line break goes as a whole`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("a", "one\r\ntwo\r\nthree\r\n")
            #expect(try await edit(fixture, "a", "two", "2\n2b").ok)
            #expect(bytes(fixture, "a") == Array("one\r\n2\r\n2b\r\nthree\r\n".utf8))
            #expect(try await edit(fixture, "a", "\n2b", "").ok)
            #expect(bytes(fixture, "a") == Array("one\r\n2\r\nthree\r\n".utf8))
            // Who writes returns means them.
            #expect(try await edit(fixture, "a", "one\r\n", "one\n").ok)
            #expect(bytes(fixture, "a") == Array("one\n2\r\nthree\r\n".utf8))
        }
    }

    @Test func `mixed line ends stay with their lines`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("a", "one\r\ntwo\nthree\r\nfour\n")
            #expect(try await edit(fixture, "a", "one\ntwo\nthree\nfour\n", "one\ntwo\nnew\nthree\nfour\n").ok)
            #expect(bytes(fixture, "a") == Array("one\r\ntwo\nnew\nthree\r\nfour\n".utf8))
            #expect(try await write(fixture, "a", "one\ntwo\nthree\n").ok)
            #expect(bytes(fixture, "a") == Array("one\r\ntwo\nthree\r\n".utf8))
        }
    }

    @Test func `an encoding is kept by edits and by whole files`() async throws {
        try await AgentFixture.with { fixture in
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            try put(fixture, "bom.cs", mark + Array("int a;\r\nint b;\r\n".utf8))
            #expect(try await edit(fixture, "bom.cs", "int a;", "int c;").ok)
            #expect(bytes(fixture, "bom.cs") == mark + Array("int c;\r\nint b;\r\n".utf8))
            let written = try await write(fixture, "bom.cs", "int d;\nint b;\n")
            #expect(written.content.contains("byte order mark") && written.content.contains("CRLF"))
            #expect(bytes(fixture, "bom.cs") == mark + Array("int d;\r\nint b;\r\n".utf8))
            #expect(try await write(fixture, "bom.cs", "a\r\nb\n").ok)
            #expect(bytes(fixture, "bom.cs") == mark + Array("a\r\nb\n".utf8))

            try put(fixture, "wide.txt", wide("häuser 🙂\r\nzwei\r\n"))
            let read = try await fixture.call("read_file", ["file_path": "wide.txt"])
            #expect(read.content.hasPrefix("1\thäuser 🙂\n2\tzwei\n") && read.content.contains("UTF-16LE"))
            let found = try await fixture.call("search_files", ["pattern": "zwei"])
            #expect(found.content == "wide.txt:2:zwei")
            #expect(try await edit(fixture, "wide.txt", "zwei", "drei\nvier").ok)
            #expect(bytes(fixture, "wide.txt") == wide("häuser 🙂\r\ndrei\r\nvier\r\n"))
            #expect(try await write(fixture, "wide.txt", "neu\n").ok)
            #expect(bytes(fixture, "wide.txt") == wide("neu\r\n"))

            try put(fixture, "latin.txt", latin("caf\u{E9}\nbar\n"))
            let shown = try await fixture.call("read_file", ["file_path": "latin.txt"])
            #expect(shown.content.hasPrefix("1\tcafé\n2\tbar\n") && shown.content.contains("not UTF-8"))
            #expect(try await edit(fixture, "latin.txt", "café", "cafés").ok)
            #expect(bytes(fixture, "latin.txt") == latin("caf\u{E9}s\nbar\n"))
            let impossible = try await edit(fixture, "latin.txt", "bar", "日本")
            #expect(!impossible.ok && impossible.content.contains("Windows-1252"))
            try put(fixture, "dos.txt", latin("\u{FC}ber\r\n\u{1A}"))
            #expect(try await edit(fixture, "dos.txt", "ber", "bel").ok)
            #expect(bytes(fixture, "dos.txt") == latin("\u{FC}bel\r\n\u{1A}"))
            // A text in another encoding of single bytes, or of several: what is not changed stays.
            let sign: [UInt8] = [0x93, 0xFA, 0x96, 0x7B]
            try put(fixture, "sjis.c", Array("// ".utf8) + sign + Array("\nint a;\n".utf8))
            #expect(try await edit(fixture, "sjis.c", "int a;", "int b;").ok)
            #expect(bytes(fixture, "sjis.c").contains(sign) && fixture.text("sjis.c")?.hasSuffix("int b;\n") == true)
            let rewritten = try await write(fixture, "latin.txt", "日本\n")
            #expect(rewritten.content.contains("It is UTF-8 now"))
        }
    }

    @Test func `a text that differs in normalisation alone is found, and the rest of it stays`() async throws {
        try await AgentFixture.with { fixture in
            let decomposed = "cafe\u{301} = 1\nre\u{301}sume\u{301}\n"
            try fixture.put("a", decomposed)
            let edited = try await edit(fixture, "a", "caf\u{E9} = 1", "caf\u{E9} = 2")
            #expect(edited.ok && edited.content.contains("spelt otherwise"))
            #expect(bytes(fixture, "a") == Array("cafe\u{301} = 2\nre\u{301}sume\u{301}\n".utf8))
            try fixture.put("b", "caf\u{E9}")
            #expect(try await edit(fixture, "b", "cafe\u{301}", "tea").ok)
            #expect(fixture.text("b") == "tea")
        }
    }

    @Test func `no line end at the end stays away`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("a", "one\ntwo")
            let read = try await fixture.call("read_file", ["file_path": "a"])
            #expect(read.content.contains("no line end at its end"))
            #expect(try await edit(fixture, "a", "two", "zwei").ok)
            #expect(fixture.text("a") == "one\nzwei")
        }
    }

    @Test func `any part of a very long line can be read`() async throws {
        try await AgentFixture.with { fixture in
            let line = (0..<400_000).map { "\($0)," }.joined()
            try fixture.put("min.js", "// minified\n\(line)\n")
            var column = 1
            var read = ""
            for _ in 0..<3 {
                let window = try await fixture.call(
                    "read_file", ["file_path": "min.js", "start_line": 2, "start_column": .int(column)])
                let parts = window.content.dropFirst(2).components(separatedBy: " [... ")
                read += parts[0]
                #expect(parts[1].contains("start_column \(column + parts[0].count)"))
                column += parts[0].count
            }
            #expect(line.hasPrefix(read) && read.count > 30_000)
            let last = try await fixture.call(
                "read_file", ["file_path": "min.js", "start_line": 2, "start_column": .int(line.count - 7)])
            #expect(last.content.contains("399999,") && !last.content.contains("[..."))
            let beyond = try await fixture.call(
                "read_file", ["file_path": "min.js", "start_line": 1, "start_column": 12])
            #expect(!beyond.ok && beyond.content == "Line 1 has 11 characters: there is no column 12.")
            let both = try await fixture.call("read_file", ["file_path": "min.js"])
            #expect(both.content.utf8.count < 3000 && both.content.contains("start_line 2, start_column"))
            let found = try await fixture.call("search_files", ["pattern": "399998,"])
            #expect(found.content.hasPrefix("min.js:2:[in a long line: start_line 2, start_column "))
            #expect(found.content.utf8.count < 500)
        }
    }

    @Test func `any window of a file of 5 MB can be read`() async throws {
        try await AgentFixture.with { fixture in
            let line = String(repeating: "x", count: 90)
            try fixture.put("large", (1...50_000).map { "\($0) \(line)\n" }.joined())
            let window = try await fixture.call("read_file", ["file_path": "large", "start_line": 49_999])
            #expect(window.content == "49999\t49999 \(line)\n50000\t50000 \(line)")
        }
    }

    @Test func `names that look alike are told`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("Readme.md", "x")
            try fixture.put("caf\u{E9}/a.txt", "inside")
            let missing = try await fixture.call("read_file", ["file_path": "README.md"])
            #expect(missing.content.contains("There is Readme.md."))
            let created = try await write(fixture, "README.md", "y")
            #expect(created.ok && created.content.contains("there is Readme.md beside it"))
            let read = try await fixture.call("read_file", ["file_path": "cafe\u{301}/a.txt"])
            #expect(read.content.hasPrefix("1\tinside"))
            #expect(try await write(fixture, "cafe\u{301}/b.txt", "new").ok)
            #expect(bytes(fixture, "caf\u{E9}/b.txt") == Array("new".utf8))
            let found = try await fixture.call("find_files", ["glob": "cafe\u{301}/*.txt"])
            #expect(found.content == "caf\u{E9}/a.txt\ncaf\u{E9}/b.txt")
        }
    }

    @Test func `a name that is not UTF-8 is listed, and can be given as it is listed`() async throws {
        try await AgentFixture.with { fixture in
            var name = Array(fixture.root.utf8).map { CChar(bitPattern: $0) }
            name += "/caf".utf8.map { CChar(bitPattern: $0) }
            name += [CChar(bitPattern: 0xE9)] + ".txt\0".utf8.map { CChar(bitPattern: $0) }
            let file = try #require(fopen(name, "w"))
            fputs("inside\n", file)
            fclose(file)
            let list = try await fixture.call("list_directory", [:])
            #expect(list.content == "caf\\xE9.txt (7 bytes)")
            for path in ["caf\\xE9.txt", "caf\u{FFFD}.txt"] {
                let read = try await fixture.call("read_file", ["file_path": .string(path)])
                #expect(read.content == "1\tinside")
            }
            #expect(try await edit(fixture, "caf\\xE9.txt", "inside", "edited").ok)
            #expect(try await fixture.call("find_files", ["glob": "*.txt"]).content == "caf\\xE9.txt")
            #expect(try await fixture.call("search_files", ["pattern": "edited"]).content.hasSuffix(":1:edited"))
        }
    }

    @Test func `what lives elsewhere is refused in words`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put(".gitattributes", "*.dat filter=lfs diff=lfs merge=lfs -text\nplain.dat -filter\n")
            try fixture.put(".gitmodules", "[submodule \"lib\"]\r\n\tpath = \"vendor/lib/\"\r\n\turl = ../lib\r\n")
            try FileManager.default.createDirectory(
                atPath: "\(fixture.root)/vendor/lib", withIntermediateDirectories: true)
            // As `git lfs track "my file.psd"` writes it.
            try fixture.put(
                "art/.gitattributes", "\u{FEFF}my[[:space:]]file.psd filter=lfs\r\n\"a b.png\" filter=lfs\r\n")
            for path in ["art/my file.psd", "art/a b.png", "art/x.dat"] {
                let refused = try await write(fixture, path, "x")
                #expect(!refused.ok && refused.content.contains("Git LFS"), "\(path)")
            }
            #expect(try await write(fixture, "art/a b.txt", "x").ok)
            let large = try await write(fixture, "data/a.dat", "x")
            #expect(!large.ok && large.content.contains("Git LFS"))
            let submodule = try await write(fixture, "vendor/lib/new.py", "x")
            #expect(!submodule.ok && submodule.content.contains("submodule"))
            #expect(try await write(fixture, "plain.dat", "x").ok)
            #expect(try await write(fixture, "vendor/library.py", "x").ok)
            #expect(fixture.text("data/a.dat") == nil && fixture.text("vendor/lib/new.py") == nil)
        }
    }
}
