import Foundation
import Foundations
import Sandbox
import Testing

@testable import Agent

/// Patterns as models write them.
@Suite(.timeLimit(.minutes(1)))
struct SearchTests {
    @Test func `patterns written for ripgrep match`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("calc.py", "def add(a, b):\r\n    return a + b  # number 4\r\naddition = 1\r\n")
            let expected: [String: [Int]] = [
                #"number \d+"#: [2], "(?i)NUMBER": [2], #"add(?=\()"#: [1], "(?:number) 4": [2], #"^\s+return\b"#: [2],
                #"number 4$"#: [2], #"(a)\w*\1"#: [], #"(d)\1"#: [1, 3], "[[:digit:]]": [2, 3], #"(?<!\w)add\w+"#: [3],
                #"b\):\n\s+return"#: [1, 2], "a + b": [], #"\x61\x64d\("#: [1], #"\p{L}+ition"#: [3],
                #"(?s)add\(.*number"#: [1, 2], #"b\):[\s\S]*?return"#: [1, 2], #"(?i)ADD\b"#: [1], #"def\s+\w+\("#: [1],
                #"(?<name>add)"#: [1, 3], #"\badd(?!i)"#: [1], "^addition": [3], #"(?x) number \s \d"#: [2],
                #"=\s1$"#: [3], "[^a-z]4": [2], #"a\s\+\sb"#: [2], "-x": [],
            ]
            for (pattern, lines) in expected {
                let found = try await fixture.call("search_files", ["pattern": .string(pattern)])
                let numbers = found.content.split(separator: "\n").compactMap { line in
                    line.hasPrefix("calc.py:") ? Int(line.split(separator: ":")[1]) : nil
                }
                #expect(numbers == lines && found.ok, "\(pattern): \(found.content)")
            }
        }
    }

    @Test func `grep's own signs are told of where nothing matches`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("a", "one\ntwo\n")
            for pattern in [#"one\|two"#, #"\(one\|two\)"#] {
                let found = try await fixture.call("search_files", ["pattern": .string(pattern)])
                #expect(found.content.contains("are plain characters"), "\(pattern): \(found.content)")
            }
            let plain = try await fixture.call("search_files", ["pattern": "three"])
            #expect(plain.content == "Nothing matches.")
        }
    }

    @Test func `what was too much to keep is told`() {
        let found = Ripgrep(
            CommandOutcome(exitCode: 0, output: "./a\u{0}3:1:x\n\n[... 9 bytes of output cut ...]\n", truncatedBytes: 9)
        )
        #expect(found.isCut && found.failure == nil && found.matches.count == 1)
    }

    @Test func `an error is an error`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("a", "x\n")
            for pattern in ["foo(", "[a", "(?P<n", "a{3,1}", #"\q"#] {
                let found = try await fixture.call("search_files", ["pattern": .string(pattern)])
                #expect(!found.ok && found.content.contains("The search failed"), "\(pattern): \(found.content)")
            }
            let missing = try await fixture.call("search_files", ["pattern": "x", "dir_path": "nowhere"])
            #expect(!missing.ok && missing.content.contains("does not exist"))
        }
    }

    @Test func `hidden and ignored files are searched, binary ones and git's are not`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put(".gitignore", "out/\n")
            for path in ["out/a", ".hidden/b", ".git/c", "sub/.git"] { try fixture.put(path, "needle\n") }
            try fixture.put("binary", "needle\n\0")
            try fixture.put(".ripgreprc", "--invert-match\n")
            let found = try await fixture.call("search_files", ["pattern": "needle"])
            #expect(found.content == ".hidden/b:1:needle\nout/a:1:needle")
            let one = try await fixture.call("search_files", ["pattern": "needle", "dir_path": "out/a"])
            #expect(one.content == "out/a:1:needle")
        }
    }

    @Test func `a host without ripgrep says so`() {
        let outcome = CommandOutcome(
            exitCode: 127, output: "prlimit: failed to execute rg: No such file or directory\n")
        #expect(Ripgrep(outcome).failure?.contains("no ripgrep") == true)
    }

    @Test func `what could not be searched is told beside what was found`() {
        let outcome = CommandOutcome(exitCode: 2, output: "./a\u{0}3:1:x\n./b: Permission denied (os error 13)\n")
        let found = Ripgrep(outcome)
        #expect(found.failure == nil && found.matches.map(\.text) == ["a:3:x"])
        #expect(found.trouble == ["./b: Permission denied (os error 13)"])
    }
}
