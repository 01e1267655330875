import Agent
import Contracts
import Foundation
import Foundations
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PathTests {
    static let leaving = [
        "../outside", "/etc/passwd", "a/../../outside", "/workspace/../etc/passwd", "/workspacex/file", "..",
        "link-absolute", "link-relative", "link-folder/passwd", "link-chain", "dangling-out", "folder/up/outside",
        "~/../../x/../../../etc",
    ]

    private func prepare(_ fixture: AgentFixture) throws {
        try Data("outside".utf8).write(to: fixture.folder.appending(path: "outside"))
        try fixture.put("folder/file", "inside")
        try fixture.link("link-absolute", to: "/etc/passwd")
        try fixture.link("link-relative", to: "../outside")
        try fixture.link("link-folder", to: "/etc")
        try fixture.link("link-chain", to: "link-absolute")
        try fixture.link("dangling-out", to: "../nothing-here")
        try fixture.link("folder/up", to: "../..")
    }

    @Test(arguments: leaving)
    func `no tool leaves the work tree`(path: String) async throws {
        try await AgentFixture.with { fixture in
            try prepare(fixture)
            for (tool, arguments) in try calls(path) {
                let result = try await fixture.call(tool, arguments)
                #expect(!result.ok, "\(tool) \(path): \(result.content)")
                #expect(!result.content.contains("root:"))
            }
            let outside = try String(contentsOf: fixture.folder.appending(path: "outside"), encoding: .utf8)
            #expect(outside == "outside")
            #expect(!FileManager.default.fileExists(atPath: fixture.folder.path + "/nothing-here"))
        }
    }

    private func calls(_ path: String) throws -> [(String, JSONValue)] {
        [
            ("read_file", ["file_path": .string(path)]),
            ("write_file", ["file_path": .string(path), "content": "x"]),
            ("edit_file", ["file_path": .string(path), "old_text": "outside", "new_text": "x"]),
            ("list_directory", ["dir_path": .string(path)]),
            ("search_files", ["pattern": "root", "dir_path": .string(path)]),
        ]
    }

    @Test(arguments: [
        ".git/config", ".git", "folder/../.git/hooks/pre-commit", ".GIT/config", "to-git/config", "new/.git/x",
    ])
    func `the folder of git is off limits`(path: String) async throws {
        try await AgentFixture.with { fixture in
            try fixture.put(".git/config", "[core]")
            try fixture.put("folder/file", "x")
            try fixture.link("to-git", to: ".git")
            for (tool, arguments) in try calls(path) {
                let result = try await fixture.call(tool, arguments)
                #expect(!result.ok, "\(tool) \(path)")
            }
            #expect(fixture.text(".git/config") == "[core]")
            let found = try await fixture.call("find_files", ["glob": "**"])
            #expect(!found.content.contains("config"))
        }
    }

    @Test func `links within the work tree are followed and written through`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("folder/file", "inside")
            try fixture.link("alias", to: "folder/file")
            try fixture.link("absolute", to: "/workspace/folder")
            try fixture.link("dangling", to: "folder/new")
            let read = try await fixture.call("read_file", ["file_path": "absolute/file"])
            #expect(read.content.hasPrefix("1\tinside\n"), "\(read.content)")
            let first = try await fixture.call("write_file", ["file_path": "alias", "content": "changed"])
            let second = try await fixture.call("write_file", ["file_path": "dangling", "content": "made"])
            #expect(first.ok && second.ok, "\(first) \(second)")
            #expect(fixture.text("folder/file") == "changed")
            #expect(fixture.text("folder/new") == "made")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: fixture.root + "/alias") == "folder/file")
        }
    }

    @Test func `endless links, long paths and NUL bytes are refused`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.link("a", to: "b")
            try fixture.link("b", to: "a")
            for path in ["a", String(repeating: "x/", count: 3000), "a\0b", String(repeating: "n", count: 300)] {
                let result = try await fixture.call("read_file", ["file_path": .string(path)])
                #expect(!result.ok)
            }
        }
    }

    @Test func `a folder that is swapped for a link meanwhile gains nothing`() async throws {
        try await AgentFixture.with { fixture in
            let outside = fixture.folder.appending(path: "outside").path
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
            try fixture.put("swap/file", "inside")
            try fixture.link("trap", to: outside)
            async let swapping: Void = swap(fixture.root, times: 4000)
            for number in 0..<200 {
                _ = try await fixture.call("write_file", ["file_path": "swap/file", "content": .string("\(number)")])
                _ = try await fixture.call("write_file", ["file_path": "swap/deep/er/file", "content": "x"])
            }
            await swapping
            let escaped = try FileManager.default.contentsOfDirectory(atPath: outside)
            #expect(escaped.isEmpty)
        }
    }

    private func swap(_ root: String, times: Int) async {
        for _ in 0..<times {
            rename(root + "/swap", root + "/kept")
            rename(root + "/trap", root + "/swap")
            rename(root + "/swap", root + "/trap")
            rename(root + "/kept", root + "/swap")
            await Task.yield()
        }
    }

    @Test func `a pipe does not hang a read`() async throws {
        try await AgentFixture.with { fixture in
            #expect(mkfifo(fixture.root + "/pipe", 0o666) == 0)
            let result = try await fixture.call("read_file", ["file_path": "pipe"])
            #expect(!result.ok)
        }
    }

    @Test func `what tools write belongs to the sandbox's user and keeps its mode`() async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("script", "#!/bin/sh\necho one")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.root + "/script")
            _ = try await fixture.call("edit_file", ["file_path": "script", "old_text": "one", "new_text": "two"])
            _ = try await fixture.call("write_file", ["file_path": "new/deep/file", "content": "x"])
            let command = "./script && echo more >> script && echo more >> new/deep/file && touch new/deep/other"
            let result = try await fixture.call("run_shell_command", ["command": .string(command)])
            #expect(result.ok, "\(result.content)")
            #expect(result.content.contains("two"))
        }
    }

    @Test func `writes outside of the scope are refused, also through links`() async throws {
        try await AgentFixture.with(scope: PathScope(["src/", "docs/**/*.md"])) { fixture in
            try fixture.put("other/file", "x")
            try FileManager.default.createDirectory(atPath: fixture.root + "/src", withIntermediateDirectories: true)
            try fixture.link("src/link", to: "../other")
            let verdicts = [
                "src/a": true, "src/deep/b": true, "docs/x.md": true, "docs/a/b.md": true, "docs/x.txt": false,
                "srcx/a": false, "other/file": false, "src/link/file": false, "src/../other/file": false,
            ]
            for (path, allowed) in verdicts {
                let result = try await fixture.call("write_file", ["file_path": .string(path), "content": "y"])
                #expect(result.ok == allowed, "\(path): \(result.content)")
            }
            #expect(fixture.text("other/file") == "x")
        }
    }
}
